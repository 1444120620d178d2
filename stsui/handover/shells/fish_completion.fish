function __stsui_complete
    set -l words (commandline -opc)
    command stsui completion --line $words (commandline -ct) 2>/dev/null
end
function __stsui_other
    # After `exec ROLE --` it is another command's turn.
    set -l words (commandline -opc)
    test "$words[2]" = exec; and contains -- -- $words
end
function __stsui_complete_other
    set -l words (commandline -opc) (commandline -ct)
    complete -C (string join ' ' -- $words[(math (contains -i -- -- $words) + 1)..-1])
end
complete -c sts -c stsui -e
complete -c sts -c stsui -f
complete -c sts -c stsui -n 'not __stsui_other' -a '(__stsui_complete)'
complete -c stsui -n __stsui_other -a '(__stsui_complete_other)'
