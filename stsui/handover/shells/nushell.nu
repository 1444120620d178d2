# The command sts, and sts-prompt for your prompt.
def --env --wrapped sts [...words: string@"nu-complete stsui"] {
    if ("--help" in $words) or ("-h" in $words) {
        ^stsui init --help
        return
    }
    let before = $env.STSUI_ROLE? | default ""
    let given = if ($words | is-empty) {
        [(try { ^stsui pick } catch { return } | str trim)]
    } else if ($words | first) == "-" {
        if ($env.STS_PREVIOUS? | default "" | is-empty) {
            print --stderr "sts: there was no role before this one"
            return
        }
        [$env.STS_PREVIOUS ...($words | skip 1)]
    } else { $words }
    let text = try { ^stsui export ...$given --format nushell } catch { return }
    let table = $text | from json
    hide-env --ignore-errors ...($table | columns)
    let gone = $table | columns | where {|name| ($table | get $name) == null }
    load-env ($table | reject ...$gone)
    if ($before | is-not-empty) and $before != ($env.STSUI_ROLE? | default "") { $env.STS_PREVIOUS = $before }
}

# A segment such as [prod-ro PROD 42m]; starts no process.
def sts-prompt []: nothing -> string {
    # role, environment, account, end, Region, note: a line each in a live shell's file.
    let live = $env.STSUI_SLOT_FILE? | default "" | is-not-empty
    let own = [($env.STSUI_ROLE? | default "") ($env.STSUI_ENVIRONMENT? | default "")
        "" ($env.AWS_CREDENTIAL_EXPIRATION? | default "") "" ""]
    let facts = if $live { try { open --raw $env.STSUI_SLOT_FILE | lines } catch { $own | update 5 gone } } else { $own }
    let named = if $live and ($facts.0 | is-empty) { "no role" } else { $facts.0 }
    let role = $named | str replace --all --regex '[^\w.@+/: -]' '?'
    if ($role | is-empty) { return "" }
    let word = $facts.1 | str replace --all --regex '[^\w-]' '?'
    let shown = if ($word in [PROD PRD PRODUCTION LIVE]) and ($env.NO_COLOR? | default "" | is-empty) {
        $" (ansi red_bold)($word)(ansi reset)"
    } else if ($word | is-empty) { "" } else { $" ($word)" }
    let left = try {
        let seconds = (($facts.3 | into datetime) - (date now)) / 1sec | math floor
        if $seconds <= 0 { " expired"
        } else if $seconds < 60 { $" ($seconds)s"
        } else if $seconds < 3600 { $" ($seconds // 60)m"
        } else { $" ($seconds // 3600)h($seconds // 60 mod 60)m" }
    } catch { "" }
    let said = match $facts.5 {
        "waits" => " waits for you"
        "cut" | "dropped" | "gone" => $" ($facts.5)"
        _ => (if $live { $" live($left)" } else { $left })
    }
    $"[($role)($shown)($said)] "
}
