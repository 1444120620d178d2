if ($env.STS_PROMPT_BEFORE? == null) {
    $env.STS_PROMPT_BEFORE = $env.PROMPT_COMMAND? | default {|| pwd }
    $env.PROMPT_COMMAND = {||
        let before = $env.STS_PROMPT_BEFORE
        let rest = if ($before | describe) == "closure" { do $before } else { $before }
        $"(sts-prompt)($rest)"
    }
}
