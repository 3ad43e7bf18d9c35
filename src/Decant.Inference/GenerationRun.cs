using Decant.Inference.Sessions;

namespace Decant.Inference;

/// <summary>The continuation of one text, a token at a time.</summary>
internal sealed class GenerationRun : IDisposable
{
    // Logits are computed for every token that is read together: of a long prompt they would take gigabytes.
    private const int MostTogether = 512;

    private readonly DecoderModel _model;
    private readonly DecoderState _state;
    private readonly TextGenerationOptions _options;
    private readonly IReadOnlyList<int> _stops;
    private readonly int _maxTokens;
    private readonly List<int> _ids;
    private readonly HashSet<int> _seen;
    private readonly Random _random;
    private readonly float[] _logits;
    private readonly int _vocabulary;
    private readonly int _prompt;

    /// <param name="model">The model; stays the caller's.</param>
    /// <param name="prompt">One or more tokens.</param>
    /// <param name="options">How tokens are chosen.</param>
    /// <param name="stops">Tokens that end the text.</param>
    /// <param name="maxTokens">How long a text the model reads.</param>
    /// <param name="vocabulary">How many tokens the tokenizer has: rows beyond them are of no token.</param>
    public GenerationRun(DecoderModel model, int[] prompt, TextGenerationOptions options, IReadOnlyList<int> stops, int maxTokens, int vocabulary)
    {
        (_model, _options, _stops, _maxTokens, _vocabulary, _prompt) = (model, options, stops, maxTokens, vocabulary, prompt.Length);
        (_ids, _seen, _logits) = ([.. prompt], [.. prompt], new float[model.Vocabulary]);
        _random = new Random(unchecked((int)(options.Seed ^ (options.Seed >> 32))));
        _state = model.NewState();
    }

    /// <summary>How many tokens the prompt has.</summary>
    public int PromptTokens => _prompt;

    /// <summary>How many tokens were generated.</summary>
    public int Tokens => _ids.Count - _prompt;

    /// <summary>Why the text ended; null while it continues.</summary>
    public GeneratedEnd? End { get; private set; }

    /// <summary>How probable the last token was; null where that was not asked for.</summary>
    public TokenLogprob? Logprob { get; private set; }

    /// <summary>The next token; null where the text ended, be it just now by a stop token.</summary>
    public int? Next()
    {
        if (End is not null)
            return null;
        Read();
        var before = _options.TopLogprobs is null ? null : _logits.AsSpan(0, _vocabulary).ToArray();
        var id = TokenSampler.Choose(_logits.AsSpan(0, _vocabulary), _seen, _options.Sampling, _random.NextDouble);
        if (_stops.Contains(id))
        {
            End = GeneratedEnd.StopToken;
            return null;
        }

        Logprob = before is null ? null : TokenLogprob.Of(before, id, _options.TopLogprobs ?? 0);
        _ids.Add(id);
        _seen.Add(id);
        // The last token need not be read.
        End = Tokens >= _options.MaxNewTokens ? GeneratedEnd.MaxNewTokens : _ids.Count > _maxTokens ? GeneratedEnd.MaxTokens : null;
        return id;
    }

    /// <summary>Ends the text since a text that is to end it came.</summary>
    public void Stop() => End = GeneratedEnd.StopText;

    /// <summary>Releases what was kept.</summary>
    public void Dispose() => _state.Dispose();

    private void Read()
    {
        var ids = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ids);
        if (!_model.Keeps)
        {
            _model.Read(_state, ids, _logits);
            return;
        }

        while (_state.Length < ids.Length)
            _model.Read(_state, ids.Slice(_state.Length, Math.Min(MostTogether, ids.Length - _state.Length)), _logits);
    }
}
