using System.Security.Cryptography;
using System.Text;
using Decant.Signals;

namespace Decant.Teachers.Answers.Storage;

/// <summary>What all answers of a store have in common; all of it, except <see cref="Name"/>, is in the store's address.</summary>
internal sealed record AnswerManifest
{
    /// <summary>The version of the format that this program writes, and the newest that it reads.</summary>
    public const int Version = 1;

    /// <summary>The teacher: a hash of its settings and weights, or API and model version.</summary>
    public required string Teacher { get; init; }

    /// <summary>What it is called, for people; empty: nothing.</summary>
    public string Name { get; init; } = "";

    /// <summary>What is kept.</summary>
    public required AnswerKind Kind { get; init; }

    /// <summary>V, or the classes; the numbers of a row of scores, vectors or states. 0 for texts.</summary>
    public int Vocabulary { get; init; }

    /// <summary>The hash of the tokenizer; null: there is none.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>A hash of all else that an answer depends on, such as how an input is cut; null: nothing.</summary>
    public string? Settings { get; init; }

    /// <summary>τ, by which logits were divided before probabilities were kept; 1 for logits.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>How numbers are stored; of <see cref="AnswerKind.TopK"/> always <see cref="NumberFormat.Float16"/>.</summary>
    public NumberFormat Numbers { get; init; } = NumberFormat.Float16;

    /// <summary>k of <see cref="AnswerKind.TopK"/>; else 0.</summary>
    public int K { get; init; }

    /// <summary>What is made of the rest; of <see cref="AnswerKind.TopK"/> only.</summary>
    public TailRule? Tail { get; init; }

    /// <summary>N of <see cref="AnswerKind.Sampled"/>; else 0.</summary>
    public int Draws { get; init; }

    /// <summary>t of <see cref="AnswerKind.Sampled"/>: ids are drawn by p^t.</summary>
    public double Exponent { get; init; } = 1;

    /// <summary>Where the store is in a folder of several: sixteen hexadecimal digits of the hash of all that an answer depends on.</summary>
    public string Address => Convert.ToHexStringLower(Hash())[..16];

    /// <summary>The same as a number, which stands in every shard.</summary>
    public ulong Mark => Convert.ToUInt64(Address, 16);

    /// <summary>Whether answers can be used at a temperature.</summary>
    /// <param name="temperature">That of the objective.</param>
    /// <returns>Null: exactly; else why not, as a clause.</returns>
    public string? WhyNotAt(double temperature) => Kind switch
    {
        AnswerKind.TopK when temperature != Temperature && Tail != TailRule.Renormalize =>
            FormattableString.Invariant($"the mass of the tail is known at temperature {Temperature} alone"),
        AnswerKind.Sampled when temperature != Temperature => FormattableString.Invariant($"ids were drawn at temperature {Temperature}"),
        AnswerKind.Texts => "texts have no probabilities",
        _ => null,
    };

    /// <summary>Refuses a temperature at which the answers say nothing exact.</summary>
    /// <param name="temperature">That of the objective.</param>
    /// <param name="folder">The store, for the message.</param>
    /// <exception cref="DecantException">The answers are of another temperature.</exception>
    public void RequireTemperature(double temperature, string folder)
    {
        if (WhyNotAt(temperature) is { } why)
            throw new DecantException(FormattableString.Invariant($"{folder}: answers cannot be used at temperature {temperature}: {why}. Use that of the store, or ask the teacher anew into a store of temperature {temperature}."));
    }

    /// <summary>Refuses settings that contradict each other.</summary>
    /// <exception cref="DecantException">They do.</exception>
    public AnswerManifest Checked()
    {
        Require(Teacher.Length > 0, $"'teacher' is empty; expected what identifies it");
        Require(Vocabulary >= 0 && (Vocabulary > 0 || Kind == AnswerKind.Texts), $"'vocabulary' is {Vocabulary}; expected 1 or more");
        Require(double.IsFinite(Temperature) && Temperature > 0, $"'temperature' is {Temperature}; expected a positive number");
        Require(Kind is AnswerKind.TopK or AnswerKind.Sampled || Temperature == 1, $"'temperature' is for top-k and sampled answers; others are untempered, and expected is 1");
        Require(Kind == AnswerKind.TopK ? K >= 1 && K <= Vocabulary : K == 0, $"'k' is {K}; expected 1 to the vocabulary for top-k answers, and 0 for others");
        Require(Kind == AnswerKind.TopK == Tail.HasValue, $"'tail' is for top-k answers, which need it");
        Require(Kind != AnswerKind.TopK || Numbers == NumberFormat.Float16, $"'numbers' of top-k answers are float16");
        Require(Kind == AnswerKind.Sampled ? Draws is >= 1 and <= ushort.MaxValue : Draws == 0, $"'draws' is {Draws}; expected 1 to 65,535 for sampled answers, and 0 for others");
        Require(Kind == AnswerKind.Sampled ? Exponent is >= 0.5 and <= 1.5 : Exponent == 1, $"'exponent' is {Exponent}; expected 0.5 to 1.5 for sampled answers, and 1 for others");
        return this;

        static void Require(bool holds, FormattableString what)
        {
            if (!holds)
                throw new DecantException($"The manifest of answers is wrong: {FormattableString.Invariant(what)}.");
        }
    }

    /// <summary>In what it differs from another, by key; empty: their answers can be mixed.</summary>
    /// <param name="other">The other.</param>
    public IReadOnlyList<string> DifferencesFrom(AnswerManifest other)
    {
        var (mine, theirs) = (ManifestFile.Fields(this), ManifestFile.Fields(other));
        return [.. mine.Where(field => field.Key != ManifestFile.NameKey && !string.Equals(field.Value, theirs[field.Key], StringComparison.Ordinal)).Select(field => $"'{field.Key}' is {theirs[field.Key]}, not {field.Value}")];
    }

    private byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', ManifestFile.Fields(this).Where(f => f.Key != ManifestFile.NameKey).Select(f => $"{f.Key}={f.Value}"))));
}
