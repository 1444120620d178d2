# The function sts, and sts_prompt for your fish_prompt.
function sts --description 'AWS credentials of a role in this shell'
    set -l before "$STSUI_ROLE"
    set -l text
    if contains -- --help $argv; or contains -- -h $argv
        command stsui init --help
        return
    end
    if test (count $argv) -eq 0
        set argv (command stsui pick)
        or return
    else if test "$argv[1]" = -
        if test -z "$STS_PREVIOUS"
            echo 'sts: there was no role before this one' >&2
            return 2
        end
        set argv[1] $STS_PREVIOUS
    end
    set text (command stsui export $argv --format fish)
    or return
    printf '%s\n' $text | source
    if test -n "$before" -a "$before" != "$STSUI_ROLE"
        set -g STS_PREVIOUS $before
    end
end

# A segment such as [prod-ro PROD 42m]; starts no process.
function sts_prompt --description 'role, environment and time left of this shell'
    set -l code $status
    # role, environment, account, end, Region, note: a line each in a live shell's file.
    set -l facts "$STSUI_ROLE" "$STSUI_ENVIRONMENT" '' "$AWS_CREDENTIAL_EXPIRATION" '' ''
    if set -q STSUI_SLOT_FILE[1]
        if test -r $STSUI_SLOT_FILE
            set facts
            while read -l line
                set -a facts "$line"
            end <$STSUI_SLOT_FILE
        else
            set facts[6] gone
        end
        test -n "$facts[1]"; or set facts[1] 'no role'
    end
    if test -n "$facts[1]"
        set -l role (string replace -ra '[^\w.@+/: -]' '?' -- $facts[1])
        set -l word (string replace -ra '[^\w-]' '?' -- "$facts[2]")
        set -l left (__sts_left "$facts[4]")
        set -q STSUI_SLOT_FILE[1]; and set left (string trim "live $left")
        switch "$facts[6]"
            case waits
                set left 'waits for you'
            case cut dropped gone
                set left $facts[6]
        end
        printf '[%s' $role
        if test -n "$word"
            if contains -- $word PROD PRD PRODUCTION LIVE; and test -z "$NO_COLOR"
                printf ' %s%s%s' (set_color --bold red) $word (set_color normal)
            else
                printf ' %s' $word
            end
        end
        test -n "$left"; and printf ' %s' $left
        printf '] '
    end
    return $code
end

# Time until an end; the end itself where this fish has no clock.
function __sts_left
    set -l e (string match -rg '^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$' -- "$argv[1]")
    or return
    # What a file's age and its time add up to is now; fish has no other clock of its own.
    set -l at (path mtime / 2>/dev/null)
    set -l age (path mtime --relative / 2>/dev/null)
    if not set -q at[1]; or not set -q age[1]
        printf 'until %s:%sZ' $e[4] $e[5]
        return
    end
    # Days since 1970 by arithmetic (Howard Hinnant, days_from_civil).
    set -l y $e[1]
    set -l m (math $e[2] - 3)
    if test $m -lt 0
        set y (math $y - 1)
        set m (math $m + 12)
    end
    set -l days (math "$y * 365 + floor($y / 4) - floor($y / 100) + floor($y / 400) + floor(($m * 153 + 2) / 5) + $e[3] - 719469")
    set -l left (math "$days * 86400 + $e[4] * 3600 + $e[5] * 60 + $e[6] - $at - $age")
    if test $left -le 0
        printf expired
    else if test $left -lt 60
        printf '%ds' $left
    else if test $left -lt 3600
        printf '%dm' (math -s0 $left / 60)
    else
        printf '%dh%dm' (math -s0 $left / 3600) (math -s0 "$left % 3600 / 60")
    end
end
