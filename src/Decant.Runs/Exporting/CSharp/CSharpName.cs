using System.Globalization;

namespace Decant.Runs.Exporting.CSharp;

/// <summary>What a generated class is called.</summary>
/// <param name="Namespace">Its namespace; null: none.</param>
/// <param name="Class">The class.</param>
internal sealed record CSharpName(string? Namespace, string Class)
{
    private const int Longest = 100; // NuGet's limit of a package's name

    private static readonly HashSet<string> s_keywords = new(
        ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach goto if implicit in int "
        + "interface internal is lock long namespace new null object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw "
        + "true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while dynamic extension field file global nameof notnull nint nuint partial record required scoped unmanaged value var when where with yield").Split(' '),
        StringComparer.Ordinal);

    // What the generated code names itself, and the roots of the namespaces that it uses.
    private static readonly HashSet<string> s_used = new(
        ("System Microsoft Decant AppContext Array CancellationToken Classification Classify DecantException Dimensions Embed Enumerable Fill Folder Generate GeneratedText IAsyncEnumerable IReadOnlyList ImageClassifier InputShape "
        + "LabelOf Labels Lazy Load Mask MaskFiller MaskedToken Names Open PairScore Path ReadOnlyMemory Score SentenceEmbedder StreamAsync Tag TaggedText TextClassifier TextEmbedding TextGenerationOptions TextGenerator TextPairScorer TokenTagger").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Both, with a dot between them: also the name of the project and of its package.</summary>
    public string Full => Namespace is null ? Class : $"{Namespace}.{Class}";

    /// <summary>Takes a name apart.</summary>
    /// <param name="name">A class, perhaps with its namespace: <c>Reviews</c>, <c>Contoso.Reviews</c>.</param>
    /// <exception cref="DecantException">A part is no identifier of C#, or one that would hide what the code itself uses.</exception>
    public static CSharpName Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        const string next = "Give a class's name, perhaps with a namespace: --name Reviews, --name Contoso.Reviews.";
        if (name.Length > Longest)
            throw new DecantException($"--name: expected at most {Longest} characters, came {name.Length}. {next}");
        var parts = name.Split('.');
        foreach (var part in parts)
        {
            if (!IsIdentifier(part))
                throw new DecantException($"--name: expected an identifier of C# (letters, digits and _, no digit first), came '{part}'{(parts.Length > 1 ? $" in '{name}'" : "")}. {next}");
            if (s_keywords.Contains(part))
                throw new DecantException($"--name: '{part}' is a word of C# itself. {next}");
            if (s_used.Contains(part))
                throw new DecantException($"--name: '{part}' is a name that the generated code uses itself. Choose another one.");
        }

        return new(parts.Length > 1 ? string.Join('.', parts[..^1]) : null, parts[^1]);
    }

    /// <summary>Whether an identifier may consist of it as it stands.</summary>
    public static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '_' || char.GetUnicodeCategory(c) is UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsIdentifier(string part) =>
        part.Length > 0 && part.All(IsPart) && (char.IsLetter(part[0]) || part[0] == '_') && part.Any(c => c != '_');
}
