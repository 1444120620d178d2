_stsui_complete() {
  local -a lines names shown
  local line
  local -i other=${words[(i)--]}
  if [[ ${words[2]-} == exec ]] && (( other < CURRENT )); then
    # After `exec ROLE --` it is another command's turn.
    shift $other words
    (( CURRENT -= other ))
    _normal
    return
  fi
  lines=("${(@f)$(command stsui completion --line "${(@Q)words[1,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    [[ -n $line ]] || continue
    names+=("${line%%$'\t'*}")
    shown+=("${${line/$'\t'/  -- }}")
  done
  compadd -l -d shown -a names
}
if (( $+functions[compdef] )); then compdef _stsui_complete sts stsui; fi
