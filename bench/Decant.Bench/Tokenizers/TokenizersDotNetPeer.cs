using Original = Tokenizers.DotNet.Tokenizer;

namespace Decant.Bench.Tokenizers;

/// <summary>The original library, <c>tokenizers</c> in Rust, through Tokenizers.DotNet. It hands texts over as strings that end at the first zero.</summary>
internal sealed class TokenizersDotNetPeer(TokenizerUnderTest tokenizer) : ITokenizerPeer
{
    private readonly Original _original = new(tokenizer.TokenizerJson());

    public string Name => "Tokenizers.DotNet";

    public IReadOnlyList<int> Encode(string text) => Array.ConvertAll(_original.Encode(text), id => (int)id);

    public void Dispose() => _original.Dispose();
}
