using Decant.Text;

namespace Decant.Inference;

/// <summary>A continuation that is asked for token by token. Not safe to use from several threads.</summary>
internal sealed class TextContinuation : IDisposable
{
    private readonly GenerationRun _run;
    private readonly PieceStream _pieces;
    private readonly ITokenizer _tokenizer;

    /// <param name="run">The tokens; becomes this one's to release.</param>
    /// <param name="tokenizer">Makes texts of them.</param>
    /// <param name="options">Null: the default ones.</param>
    public TextContinuation(GenerationRun run, ITokenizer tokenizer, TextGenerationOptions? options) => (_run, _tokenizer, _pieces) = (run, tokenizer, new(run, tokenizer, options));

    /// <summary>How many tokens the prompt has.</summary>
    public int PromptTokens => _run.PromptTokens;

    /// <summary>How many tokens were generated.</summary>
    public int Tokens => _run.Tokens;

    /// <summary>Why it ended; null while it goes on.</summary>
    public GeneratedEnd? End => _run.End;

    /// <summary>How probable the last token was; null where that was not asked for, and before the first.</summary>
    public TokenLogprob? Logprob => _run.Logprob;

    /// <summary>What the next token adds; may be empty.</summary>
    public string Next() => _pieces.Next();

    /// <summary>What is left when it has ended.</summary>
    public string Rest() => _pieces.Rest();

    /// <summary>The text of a token alone.</summary>
    public string TextOf(int id) => _tokenizer.Decode([id], keepSpecial: true);

    /// <summary>Releases what was kept.</summary>
    public void Dispose() => _run.Dispose();
}
