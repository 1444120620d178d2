if [ "${BASH_VERSINFO[0]}" -ge 5 ]; then _sts_now() { now=$EPOCHSECONDS; }
elif [ "${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]}" != 4.0 ] && [ "${BASH_VERSINFO[0]}" -eq 4 ] && [ "${BASH_VERSINFO[1]}" -ge 2 ]
then _sts_now() { printf -v now '%(%s)T' -1; }
else _sts_now() { now=; }; fi
# A prompt that counts its cells has to know which characters take none.
_sts_red() { [ -n "${NO_COLOR-}" ] || word=$'\001\e[1;31m\002'"$1"$'\001\e[0m\002'; }
case ";${PROMPT_COMMAND[*]-};" in
  *_sts_prompt*) ;;
  *) PROMPT_COMMAND="_sts_prompt${PROMPT_COMMAND:+;$PROMPT_COMMAND}" ;;
esac
