def "nu-complete stsui" [typed: string] {
    let words = $typed | split row --regex '\s+'
    # A function's own name stands first; what is completed comes last.
    ^stsui completion --line ...$words | lines | split column "\t" value description
}
extern stsui [...words: string@"nu-complete stsui"]
