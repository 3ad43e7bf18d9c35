using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Asking;

/// <summary>A question that a chat model is asked about each of many items, and how its answers are read.</summary>
/// <typeparam name="TItem">What is asked about.</typeparam>
/// <typeparam name="TAnswer">What an answer comes to.</typeparam>
internal interface IChatQuestion<in TItem, TAnswer>
    where TAnswer : ChatAnswer
{
    /// <summary>How many answers to one item, 1 or more.</summary>
    int Samples { get; }

    /// <summary>The messages that ask about an item.</summary>
    IReadOnlyList<ChatMessage> Messages(TItem item);

    /// <summary>The messages of one of several samples, where they differ; default: the same.</summary>
    /// <param name="item">The item.</param>
    /// <param name="sample">Which of the samples, from 0.</param>
    IReadOnlyList<ChatMessage> Messages(TItem item, int sample) => Messages(item);

    /// <summary>The options of a request.</summary>
    /// <param name="sample">Which of the samples, from 0.</param>
    ChatOptions Options(int sample);

    /// <summary>What the answers to an item come to, or why nothing. What <see cref="ChatAnswer"/> itself says of cost and wording is filled in afterwards.</summary>
    /// <param name="item">The item.</param>
    /// <param name="responses">The answers, sample by sample.</param>
    /// <exception cref="DecantException">A failure that is not the item's own, which ends the asking.</exception>
    TAnswer Read(TItem item, IReadOnlyList<ChatResponse> responses);

    /// <summary>An item without an answer.</summary>
    TAnswer Abstained(AbstentionReason why, string? detail = null);
}
