zmodload zsh/datetime
_sts_now() { now=$EPOCHSECONDS; }
_sts_red() { [ -n "${NO_COLOR-}" ] || word="%B%F{red}$1%f%b"; }
autoload -Uz add-zsh-hook
add-zsh-hook precmd _sts_prompt
