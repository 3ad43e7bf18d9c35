using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Decant.Inference.Cascades;

/// <summary>Says how sure the student is of a reply.</summary>
/// <param name="messages">The conversation.</param>
/// <param name="reply">The student's reply to it.</param>
/// <param name="cancellationToken">Gives up.</param>
/// <returns>0 to 1, the same measure as on the held-out rows: such as exp of the mean log-probability of the reply's tokens, or the probability of a label.</returns>
public delegate ValueTask<double> ReplyConfidence(IReadOnlyList<ChatMessage> messages, ChatResponse reply, CancellationToken cancellationToken);

/// <summary>A chat client that takes the student's reply where its confidence allows, and asks the teacher elsewhere.</summary>
/// <remarks>
/// A confidence is known once the student's reply is whole: a streamed reply of the student comes at its end, in its own pieces; one of the teacher streams as it is written. Which
/// of the two replied stands in the additional properties under <see cref="AnsweredBy"/>, of a stream in those of each piece.
/// </remarks>
public sealed class CascadeChatClient : IChatClient
{
    /// <summary>The additional property with <c>student</c> or <c>teacher</c>.</summary>
    public const string AnsweredBy = "decant.cascade";

    private readonly IChatClient _student;
    private readonly IChatClient _teacher;
    private readonly CascadePolicy _policy;
    private readonly ReplyConfidence _confidence;

    /// <summary>A cascade.</summary>
    /// <param name="student">Is asked first; is disposed with this.</param>
    /// <param name="teacher">Is asked where the student is not sure; is disposed with this.</param>
    /// <param name="policy">When the student's reply is taken; without a threshold it is not asked.</param>
    /// <param name="confidence">How sure the student is.</param>
    public CascadeChatClient(IChatClient student, IChatClient teacher, CascadePolicy policy, ReplyConfidence confidence)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(confidence);
        (_student, _teacher, _policy, _confidence) = (student, teacher, policy, confidence);
    }

    /// <summary>Watches the confidences, with the length of the last message; null, the default: nothing does.</summary>
    public DriftMonitor? Monitor { get; init; }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatMessage[] all = [.. messages];
        if (_policy.Threshold is not null)
        {
            var reply = await _student.GetResponseAsync(all, options?.Clone(), cancellationToken).ConfigureAwait(false);
            if (await IsTakenAsync(all, reply, cancellationToken).ConfigureAwait(false))
            {
                (reply.AdditionalProperties ??= [])[AnsweredBy] = "student";
                return reply;
            }
        }

        var other = await _teacher.GetResponseAsync(all, options?.Clone(), cancellationToken).ConfigureAwait(false);
        (other.AdditionalProperties ??= [])[AnsweredBy] = "teacher";
        return other;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChatMessage[] all = [.. messages];
        if (_policy.Threshold is not null)
        {
            var pieces = new List<ChatResponseUpdate>();
            await foreach (var piece in _student.GetStreamingResponseAsync(all, options?.Clone(), cancellationToken).ConfigureAwait(false))
                pieces.Add(piece);
            if (await IsTakenAsync(all, pieces.ToChatResponse(), cancellationToken).ConfigureAwait(false))
            {
                foreach (var piece in pieces)
                    yield return Marked(piece, "student");
                yield break;
            }
        }

        await foreach (var piece in _teacher.GetStreamingResponseAsync(all, options?.Clone(), cancellationToken).ConfigureAwait(false))
            yield return Marked(piece, "teacher");
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : _teacher.GetService(serviceType, serviceKey);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _student.Dispose();
        _teacher.Dispose();
    }

    private async ValueTask<bool> IsTakenAsync(ChatMessage[] messages, ChatResponse reply, CancellationToken cancellationToken)
    {
        var confidence = await _confidence(messages, reply, cancellationToken).ConfigureAwait(false);
        if (!(confidence is >= 0 and <= 1))
            throw new DecantException($"CascadeChatClient: expected a confidence from 0 to 1, came {confidence}; of a mean log-probability give its exp.");
        Monitor?.Observe(confidence, messages.Length == 0 ? 0 : messages[^1].Text.Length);
        return _policy.IsLocal(confidence);
    }

    private static ChatResponseUpdate Marked(ChatResponseUpdate piece, string by)
    {
        (piece.AdditionalProperties ??= [])[AnsweredBy] = by;
        return piece;
    }
}
