setopt prompt_subst
[[ ${PROMPT-} == *STS_PROMPT* ]] || PROMPT='${STS_PROMPT-}'"${PROMPT-}"
