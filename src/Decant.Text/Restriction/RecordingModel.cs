using System.Text.Json;
using Decant.Text.Models;

namespace Decant.Text.Restriction;

/// <summary>A model that notes which tokens it uses, or tries.</summary>
internal sealed class RecordingModel(TokenModel inner, HashSet<int> used) : TokenModel
{
    public override IReadOnlyDictionary<string, int> Vocabulary => inner.Vocabulary;

    public override string? UnknownToken => inner.UnknownToken;

    public override string? SubwordPrefix => inner.SubwordPrefix;

    public override void Encode(ReadOnlySpan<char> word, List<Token> tokens)
    {
        inner.Encode(word, tokens);
        inner.AddTried(word, used);
    }

    public override IEnumerable<int> NeededBy(IReadOnlySet<int> kept) => inner.NeededBy(kept);

    public override TokenModel Restricted(IReadOnlyDictionary<int, int> numbers) => inner.Restricted(numbers);

    public override void Write(Utf8JsonWriter json) => inner.Write(json);
}
