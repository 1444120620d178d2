if status is-interactive; and not functions -q __sts_prompt_before
    functions -q fish_prompt; or function fish_prompt; printf '%s> ' (prompt_pwd); end
    functions -c fish_prompt __sts_prompt_before
    function fish_prompt
        set -l code $status
        sts_prompt
        # The prompt of before may show the exit status.
        function __sts_status -V code; return $code; end
        __sts_status
        __sts_prompt_before
    end
end
