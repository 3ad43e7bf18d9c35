using System.Globalization;
using System.Text;

namespace Decant.Runs.Exporting.CSharp;

/// <summary>Names of classes as members of an enumeration.</summary>
internal static class LabelNames
{
    /// <summary>An identifier of each label, all different: <c>so-so</c> becomes <c>SoSo</c>, <c>5 stars</c> <c>_5Stars</c>, <c>-1</c> <c>Minus1</c>, <c>好评</c> stays; one without a letter or digit is <c>Label</c> and its index.</summary>
    /// <param name="labels">The names, in the order of the logits.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> labels)
    {
        var (names, taken) = (new string[labels.Count], new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < names.Length; i++)
        {
            var name = Identifier(labels[i]) is { Length: > 0 } own ? own : string.Create(CultureInfo.InvariantCulture, $"Label{i}");
            names[i] = name;
            for (var next = 2; !taken.Add(names[i]); next++)
                names[i] = string.Create(CultureInfo.InvariantCulture, $"{name}_{next}");
        }

        return names;
    }

    private static string Identifier(string label)
    {
        var name = new StringBuilder();
        if (label is ['-' or '\u2212', >= '0' and <= '9', ..])
            name.Append("Minus");
        foreach (var word in Words(label))
        {
            // 1.5 is not 15.
            if (name.Length > 0 && char.IsDigit(name[^1]) && char.IsDigit(word[0]))
                name.Append('_');
            name.Append(Cased(word));
        }

        return name.Length > 0 && !char.IsLetter(name[0]) ? name.Insert(0, '_').ToString() : name.ToString();
    }

    private static List<string> Words(string label)
    {
        var (words, word) = (new List<string>(), new StringBuilder());
        foreach (var c in label)
        {
            if (CSharpName.IsPart(c) && c != '_')
                word.Append(c);
            else if (char.GetUnicodeCategory(c) != UnicodeCategory.Format) // joiners within words say nothing to a compiler
                End();
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    // NEGATIVE becomes Negative, and OK and iOS stay but for their first letters.
    private static string Cased(string word) => char.ToUpperInvariant(word[0]) + (word.Length > 2 && !word.Any(char.IsLower) ? word[1..].ToLowerInvariant() : word[1..]);
}
