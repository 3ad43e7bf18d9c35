namespace Decant.Bench.Tokenizers;

/// <summary>Our own.</summary>
internal sealed class DecantPeer(TokenizerUnderTest tokenizer) : ITokenizerPeer
{
    public string Name => "Decant";

    public IReadOnlyList<int> Encode(string text) => tokenizer.Encode(text);

    public void Dispose()
    {
    }
}
