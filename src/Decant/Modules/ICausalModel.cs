using Decant.Torch;

namespace Decant.Modules;

/// <summary>A language model that reads a text from left to right, piece by piece, and says what comes next.</summary>
internal interface ICausalModel
{
    /// <summary>V, the vocabulary size: ids run from 0 to V − 1.</summary>
    long VocabularySize { get; }

    /// <summary>The most tokens that a text may have; null: any number.</summary>
    long? MaxTokens { get; }

    /// <summary>The state before anything was read, for a batch of any size. The caller disposes it.</summary>
    ICausalState NewState();

    /// <summary>Reads on, and gives the logits of the token after the last one.</summary>
    /// <param name="tokens">[B, T] int64, T of at least 1: what follows on what was read before.</param>
    /// <param name="state">A state of this model; includes the tokens afterwards.</param>
    /// <param name="mask">
    /// [B, T] bool, false where there is padding, which stands left of a text and is as if it were not there; in the first piece alone. Null: there is none.
    /// </param>
    /// <returns>[B, V].</returns>
    /// <exception cref="DecantException">The text gets longer than <see cref="MaxTokens"/>.</exception>
    Tensor Next(Tensor tokens, ICausalState state, Tensor? mask = null);
}

/// <summary>The state of an <see cref="ICausalModel"/> after a batch of texts. It owns its tensors, independent of scopes.</summary>
internal interface ICausalState : IDisposable
{
    /// <summary>How many tokens were read, padding included.</summary>
    long Length { get; }

    /// <summary>Whether <see cref="Keep"/> can be called; default: false.</summary>
    bool CanKeep => false;

    /// <summary>Forgets all texts but some, so that those that have ended cost nothing.</summary>
    /// <param name="texts">[n] int64, which texts stay, ascending; the batch is of n from now on.</param>
    void Keep(Tensor texts) => throw new NotSupportedException("This state cannot forget single texts.");
}
