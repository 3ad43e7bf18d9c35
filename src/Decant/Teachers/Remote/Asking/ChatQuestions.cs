using Decant.Teachers.Remote.Limits;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Asking;

/// <summary>Asks a question about items.</summary>
internal static class ChatQuestions
{
    /// <summary>Asks about many.</summary>
    /// <param name="question">The question.</param>
    /// <param name="client">The model, with its decorators; it stays its owner's.</param>
    /// <param name="items">The items, read as needed.</param>
    /// <param name="concurrency">How many at the same time, 1 or more.</param>
    /// <param name="progress">Gets how many are done; null: nobody does.</param>
    /// <param name="cancellationToken">Ends requests that are out.</param>
    /// <param name="patience">How long they may still take once they are cancelled, so that what is paid for is stored; null: they are ended at once.</param>
    /// <returns>An answer for each item, in their order. After a failure nothing more is asked, and what was out is stored before the failure is thrown.</returns>
    /// <exception cref="DecantException">A failure that is not an item's own.</exception>
    public static IAsyncEnumerable<TAnswer> AskAsync<TItem, TAnswer>(this IChatQuestion<TItem, TAnswer> question, IChatClient client, IEnumerable<TItem> items, int concurrency, IProgress<int>? progress, CancellationToken cancellationToken, TimeSpan? patience = null)
        where TAnswer : ChatAnswer
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        var done = 0;
        return OrderedWork.Run(items, concurrency, Work, patience, cancellationToken);

        async Task<TAnswer> Work(TItem item, int index, CancellationToken cancel)
        {
            var answer = await question.AskAsync(client, item, index, cancel).ConfigureAwait(false);
            progress?.Report(Interlocked.Increment(ref done));
            return answer;
        }
    }

    /// <summary>Asks about one.</summary>
    public static async Task<TAnswer> AskAsync<TItem, TAnswer>(this IChatQuestion<TItem, TAnswer> question, IChatClient client, TItem item, int index, CancellationToken cancellationToken)
        where TAnswer : ChatAnswer
    {
        var responses = new List<ChatResponse>();
        try
        {
            for (var sample = 0; sample < question.Samples; sample++)
                responses.Add(await client.GetResponseAsync(question.Messages(item, sample), question.Options(sample), cancellationToken).ConfigureAwait(false));
            return Counted(question.Read(item, responses), index, responses);
        }
        catch (PoisonedRequestException error)
        {
            return Counted(question.Abstained(AbstentionReason.Poisoned, error.Message), index, responses);
        }
        catch (RemoteTeacherException error) when (error.Fault is RemoteFault.TooLong or RemoteFault.Filtered)
        {
            return Counted(question.Abstained(error.Fault == RemoteFault.TooLong ? AbstentionReason.TooLong : AbstentionReason.Refused, error.Message), index, responses);
        }
    }

    /// <summary>Why an answer that is not what was asked for is not, where the server says it; null: it does not.</summary>
    public static AbstentionReason? WhyNot(this ChatResponse response)
    {
        if (response.FinishReason == ChatFinishReason.ContentFilter || response.AdditionalProperties?.ContainsKey(RequestNames.Refusal) == true)
            return AbstentionReason.Refused;
        return response.FinishReason == ChatFinishReason.Length ? AbstentionReason.CutOff : null;
    }

    private static TAnswer Counted<TAnswer>(TAnswer answer, int index, List<ChatResponse> responses)
        where TAnswer : ChatAnswer => answer with
        {
            Index = index,
            InputTokens = responses.Sum(r => r.Usage?.InputTokenCount ?? 0),
            OutputTokens = responses.Sum(r => r.Usage?.OutputTokenCount ?? 0),
            IsFromStore = responses.Count > 0 && responses.All(r => r.IsFromStore()),
            Answers = [.. responses.Select(r => r.Text)],
        };
}
