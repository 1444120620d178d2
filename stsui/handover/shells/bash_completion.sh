_stsui_complete() {
  local typed="${COMP_LINE:0:COMP_POINT}" current name before n
  local -a words
  current="${typed##*[[:space:]]}"
  # Not compgen -W: it would evaluate what stands in a name.
  IFS=$' \t\n' read -ra words <<< "$typed"
  [ -n "$current" ] || words+=("")
  while [ "${#words[@]}" -gt 1 ] && [[ "${words[0]##*/}" != @(sts|stsui) ]]; do words=("${words[@]:1}"); done
  COMPREPLY=()
  if [ "${words[1]-}" = exec ]; then
    for ((n = 2; n < ${#words[@]} - 1; n++)); do
      if [ "${words[n]}" = -- ]; then _stsui_other "$((n + 1))" "$current"; return; fi
    done
  fi
  # Bash breaks words at @ and : too, and puts only the rest of one in.
  before="${current%"${COMP_WORDS[COMP_CWORD]}"}"
  while IFS= read -r name; do
    name="${name%%$'\t'*}"
    printf -v name %q "${name#"$before"}"
    COMPREPLY+=("$name")
  done < <(command stsui completion --line "${words[@]}" 2>/dev/null)
}

# After `exec ROLE --` it is another command's turn.
_stsui_other() {
  if declare -F _command_offset >/dev/null; then _command_offset "$1"
  elif [ "$1" -eq "$COMP_CWORD" ]; then while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -c -- "$2")
  else compopt -o default; fi
}
complete -F _stsui_complete sts stsui
