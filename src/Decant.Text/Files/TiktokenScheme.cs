using System.Globalization;
using Decant.Text.Configuration;
using Decant.Text.PreTokenization;

namespace Decant.Text.Files;

/// <summary>What a vocabulary of tiktoken does not say itself: by what expression texts are cut, and which tokens are special.</summary>
/// <remarks>Sources: <c>tiktoken_ext/openai_public.py</c> of tiktoken, Meta's <c>tokenizer.py</c> of Llama 3, <c>tokenization_qwen.py</c> of Qwen.</remarks>
/// <param name="Name">The name of its file, without the ending.</param>
/// <param name="Expression">By what texts are cut.</param>
/// <param name="Special">The special tokens with their ids.</param>
/// <param name="Roles">What they are for.</param>
internal sealed record TiktokenScheme(string Name, string Expression, IReadOnlyList<(int Id, string Text)> Special, IReadOnlyDictionary<string, string> Roles)
{
    private const string End = "<|endoftext|>";
    private const string LettersOfWord = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string SmallLetters = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string Contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    private const int LlamaTokens = 128_000;
    private const int QwenTokens = 151_643;

    private static readonly Dictionary<string, string> s_ends = new() { ["eos_token"] = End };

    private static readonly TiktokenScheme s_gpt2 = new("gpt2", WordPattern.Gpt2.Expression, [(50256, End)], new Dictionary<string, string> { ["bos_token"] = End, ["eos_token"] = End });

    private static readonly TiktokenScheme s_llama3 = new("tokenizer", WordPattern.Llama3.Expression, [.. LlamaSpecial()], new Dictionary<string, string> { ["bos_token"] = "<|begin_of_text|>", ["eos_token"] = "<|end_of_text|>" }) { Begins = true };

    private static readonly TiktokenScheme s_qwen = new("qwen", WordPattern.Qwen2.Expression, [.. QwenSpecial()], s_ends) { Composes = true };

    private static readonly TiktokenScheme[] s_known =
    [
        s_gpt2,
        s_gpt2 with { Name = "r50k_base", Roles = s_ends },
        s_gpt2 with { Name = "p50k_base", Roles = s_ends },
        new("cl100k_base", WordPattern.Llama3.Expression, [(100257, End), (100258, "<|fim_prefix|>"), (100259, "<|fim_middle|>"), (100260, "<|fim_suffix|>"), (100276, "<|endofprompt|>")], s_ends),
        new("o200k_base",
            $@"[^\r\n\p{{L}}\p{{N}}]?{LettersOfWord}*{SmallLetters}+{Contraction}|[^\r\n\p{{L}}\p{{N}}]?{LettersOfWord}+{SmallLetters}*{Contraction}|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
            [(199999, End), (200018, "<|endofprompt|>")], s_ends),
        s_qwen,
    ];

    /// <summary>Whether texts are composed first (Unicode's NFC).</summary>
    public bool Composes { get; init; }

    /// <summary>Whether a text begins with <c>bos_token</c>.</summary>
    public bool Begins { get; init; }

    /// <summary>That of a file: by its name, else by the class that tokenizer_config.json names, else Llama 3's where a <c>tokenizer.model</c> has its 128,000 tokens.</summary>
    /// <exception cref="DecantException">None of them says it.</exception>
    public static TiktokenScheme Of(string file, TokenizerConfig config, int tokens)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        if (Array.Find(s_known, scheme => scheme.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known) return known;
        if (tokens == LlamaTokens && Path.GetFileName(file) == "tokenizer.model") return s_llama3;
        return (config.Class is { } type && type.EndsWith("Fast", StringComparison.Ordinal) ? type[..^4] : config.Class) switch
        {
            "QWenTokenizer" => s_qwen,
            "Qwen2Tokenizer" => s_qwen with { Special = [], Roles = new Dictionary<string, string>() },
            "GPT2Tokenizer" => s_gpt2 with { Special = [], Roles = new Dictionary<string, string>() },
            _ => throw new DecantException(
                $"{file} is a vocabulary of tiktoken (tokens in base 64 with their ranks), which does not say how texts are cut and which tokens are special. Known by name are "
                + $"{string.Join(", ", s_known.Select(s => s.Name + ".tiktoken"))} and Llama 3's tokenizer.model ({LlamaTokens:N0} tokens; here are {tokens:N0}); otherwise a tokenizer_config.json beside it names the "
                + "tokenizer_class GPT2Tokenizer, QWenTokenizer or Qwen2Tokenizer. Or use the model's tokenizer.json; 'AutoTokenizer.from_pretrained(…).save_pretrained(…)' of transformers writes one."),
        };
    }

    private static IEnumerable<(int, string)> LlamaSpecial()
    {
        const int All = 256;
        string[] first = ["<|begin_of_text|>", "<|end_of_text|>", Reserved(0), Reserved(1), Reserved(2), Reserved(3), "<|start_header_id|>", "<|end_header_id|>", Reserved(4), "<|eot_id|>"];
        return first.Concat(Enumerable.Range(5, All - first.Length).Select(Reserved)).Select((text, i) => (LlamaTokens + i, text));

        static string Reserved(int n) => string.Create(CultureInfo.InvariantCulture, $"<|reserved_special_token_{n}|>");
    }

    private static IEnumerable<(int, string)> QwenSpecial()
    {
        const int Extra = 205;
        string[] first = [End, "<|im_start|>", "<|im_end|>"];
        return first.Concat(Enumerable.Range(0, Extra).Select(n => string.Create(CultureInfo.InvariantCulture, $"<|extra_{n}|>"))).Select((text, i) => (QwenTokens + i, text));
    }
}
