case "${PS1-}" in *STS_PROMPT*) ;; *) PS1='${STS_PROMPT-}'"${PS1-}" ;; esac
