using Decant.Data.Batching;
using Decant.Signals;
using Decant.Teachers.Remote.Asking;
using Decant.Text;
using Decant.Torch;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>
/// A language model behind an API that scores texts: the log-probability of each token, given those before it. It is a teacher of a student that writes texts itself (<c>on-policy</c> with
/// <c>granularity: sampled</c>), and of nothing else.
/// </summary>
/// <remarks>The server must read ids with the student's tokenizer, and give log-probabilities of a prompt's tokens at <c>/completions</c>: vLLM and SGLang do.</remarks>
internal sealed class TokenScorer : ITeacher
{
    private readonly CompletionClient _client;
    private readonly CheckedScores _scores;
    private readonly int _concurrency;

    /// <summary>Opens the model; nothing is asked yet.</summary>
    /// <param name="endpoint">Where the model is.</param>
    /// <param name="tokenizer">The tokenizer of the ids: the student's, and the server's.</param>
    /// <param name="options">What the server is asked for; null: the defaults.</param>
    /// <param name="limits">How much is sent, and what it may cost; null: the defaults.</param>
    /// <param name="environment">The value of an environment variable, null: not set; default: the process's environment.</param>
    /// <param name="handler">What requests are sent by; default: <see cref="SocketsHttpHandler"/>. Disposed with this.</param>
    /// <param name="clock">The clock; default: the system's.</param>
    /// <exception cref="DecantException">The address is no address of an API, the key is missing, or options are out of range.</exception>
    public TokenScorer(
        RemoteEndpoint endpoint, ITokenizer tokenizer, TokenScorerOptions? options = null, TokenScorerLimits? limits = null, Func<string, string?>? environment = null, HttpMessageHandler? handler = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(tokenizer);
        options ??= new();
        limits ??= new();
        options.Check();
        limits.Rate.Check();
        _concurrency = limits.Rate.Concurrency;
        _client = new CompletionClient(endpoint, options, limits, OpenedEndpoint.Http(endpoint, environment, handler), clock ?? TimeProvider.System);
        _scores = new CheckedScores($"{endpoint.Address}, model '{endpoint.Model}'", tokenizer, options);
        Offer = new TeacherOffer(SignalKinds.TokenScores, [], tokenizer.Hash) { Outputs = tokenizer.VocabularySize };
    }

    /// <inheritdoc/>
    public TeacherOffer Offer { get; }

    /// <inheritdoc/>
    public bool IsConcurrent => true;

    /// <summary>Scores one text.</summary>
    /// <param name="ids">Its tokens, two or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>ln p of each token but the first, given those before it.</returns>
    /// <exception cref="RemoteTeacherException">The request failed.</exception>
    /// <exception cref="DecantException">The server gives no such scores, or has another tokenizer.</exception>
    public Task<float[]> ScoreAsync(IReadOnlyList<int> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentOutOfRangeException.ThrowIfLessThan(ids.Count, 2, nameof(ids));
        return Score(new([.. ids], 1), cancellationToken);
    }

    /// <summary>Scores what a model wrote in a batch. Of a batch of the data nothing is asked, and each score is NaN, not known.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RemoteTeacherException">A request failed.</exception>
    /// <exception cref="DecantException">The server gives no such scores, has another tokenizer, or the budget is spent.</exception>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Written is null)
            return new TokenScores(Tensor.Full([batch.Rows], float.NaN, device: batch.Device));
        var texts = WrittenSequence.Of(batch);
        var scores = Task.Run(() => ScoreAll(texts, cancellationToken), cancellationToken).GetAwaiter().GetResult();
        return new TokenScores(Tensor.From(scores, scores.Length).To(batch.Device));
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<float[]> ScoreAll(WrittenSequence[] texts, CancellationToken cancellationToken)
    {
        var scores = new List<float>();
        await foreach (var text in OrderedWork.Run(texts, _concurrency, (text, _, cancel) => Score(text, cancel), patience: null, cancellationToken).ConfigureAwait(false))
            scores.AddRange(text);
        return [.. scores];
    }

    private async Task<float[]> Score(WrittenSequence text, CancellationToken cancellationToken)
    {
        using var reply = await _client.Ask(text.Ids, cancellationToken).ConfigureAwait(false);
        return _scores.Of(reply.RootElement, text.Ids, text.Prompt);
    }
}
