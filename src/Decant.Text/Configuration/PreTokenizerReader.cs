using System.Text;
using System.Text.Json;
using Decant.Text.PreTokenization;
using Decant.Text.Unicode;

namespace Decant.Text.Configuration;

/// <summary>Makes the pre-tokenizers of a tokenizer.json.</summary>
internal static class PreTokenizerReader
{
    /// <summary>The cutter; and whether the bytes of its words are to be written as characters afterwards.</summary>
    public static (PreTokenizer? Cutter, bool WritesBytes) Read(JsonElement? json, string source, StringBuilder signature)
    {
        if (json is not { ValueKind: not JsonValueKind.Null } element) return (null, false);
        var component = new Component(element, $"{source}: pre_tokenizer");
        var steps = new List<PreTokenizer>();
        AddSteps(Make(component), steps);
        signature.Append("pre_tokenizer:").Append(component.Signature);
        var writesBytes = steps is [.., ByteWriter];
        if (writesBytes) steps.RemoveAt(steps.Count - 1);
        return (steps.Count == 1 ? steps[0] : new PreTokenizerSequence([.. steps]), writesBytes);
    }

    private static void AddSteps(PreTokenizer made, List<PreTokenizer> steps)
    {
        if (made is not PreTokenizerSequence sequence) steps.Add(made);
        else
            foreach (var step in sequence.Steps) AddSteps(step, steps);
    }

    private static PreTokenizer Make(Component c)
    {
        PreTokenizer made = c.Type switch
        {
            "Sequence" => new PreTokenizerSequence(c.Children("pretokenizers", Make)),
            "BertPreTokenizer" => new BertPreTokenizer(),
            "ByteLevel" => ByteLevel(c),
            "Whitespace" => new WhitespacePreTokenizer(),
            "WhitespaceSplit" => new CharacterCutter(Rune.IsWhiteSpace, SplitBehavior.Removed),
            "Metaspace" => Metaspace(c),
            "Split" => Split(c),
            "Punctuation" => new CharacterCutter(Characters.IsPunctuation, Behavior(c, "Isolated")),
            "Digits" => new CharacterCutter(Characters.IsNumeric, c.Bool("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
            "CharDelimiterSplit" => Delimiter(c),
            "UnicodeScripts" => new UnicodeScriptsPreTokenizer(),
            "FixedLength" => new FixedLengthPreTokenizer(c.Int("length", 5) is var length and > 0 ? length : throw c.Wrong("length", "1 or more")),
            _ => throw c.NotSupported("pre_tokenizer"),
        };
        c.End();
        return made;
    }

    private static PreTokenizerSequence ByteLevel(Component c)
    {
        c.Ignore("trim_offsets"); // the post-processor's counts
        return new PreTokenizerSequence([new ByteLevelCutter(c.Bool("add_prefix_space", true), c.Bool("use_regex", true)), new ByteWriter()]);
    }

    private static MetaspacePreTokenizer Metaspace(Component c)
    {
        c.Ignore("str_rep");
        var isAdded = c.Bool("add_prefix_space", true, decidesIds: false);
        var scheme = c.Text("prepend_scheme", isAdded ? "always" : "never");
        if (scheme is not ("always" or "first" or "never")) throw c.Wrong("prepend_scheme", "always, first or never");
        return new MetaspacePreTokenizer(c.Character("replacement", '▁'), scheme, c.Bool("split", true));
    }

    private static PreTokenizer Split(Component c)
    {
        var (pattern, behavior, invert) = (c.Pattern("pattern"), Behavior(c, null), c.Bool("invert", false));
        // Every character is matched by one of these, so that keeping the matches and keeping what lies between come to the same.
        var known = WordPattern.All.FirstOrDefault(known => known.Expression == pattern.Expression);
        var keepsMatches = (behavior == SplitBehavior.Isolated) || (behavior == SplitBehavior.Removed && invert);
        return known is not null && keepsMatches ? new WordSplitter(known) : new SplitPreTokenizer(pattern, behavior, invert);
    }

    private static CharacterCutter Delimiter(Component c)
    {
        var text = c.Text("delimiter");
        if (Characters.CountRunes(text) != 1) throw c.Wrong("delimiter", "a string of one character");
        var delimiter = Characters.RuneAt(text, 0);
        return new CharacterCutter(rune => rune == delimiter, SplitBehavior.Removed);
    }

    private static SplitBehavior Behavior(Component c, string? otherwise) =>
        Enum.TryParse<SplitBehavior>(c.Text("behavior", otherwise), out var behavior) && Enum.IsDefined(behavior)
            ? behavior : throw c.Wrong("behavior", "Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous");
}
