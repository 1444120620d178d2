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
# At the first prompt, when the start-up files are through: whoever loads compinit does so after us as well as
# before, and where nobody does it is ours to do.
_stsui_register() {
  add-zsh-hook -d precmd _stsui_register
  (( ${+functions[compdef]} )) || { autoload -Uz compinit && compinit -i; }
  compdef _stsui_complete sts stsui
}
autoload -Uz add-zsh-hook
if (( ${+functions[compdef]} )); then compdef _stsui_complete sts stsui; fi
add-zsh-hook precmd _stsui_register
