using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Limits;

/// <summary>The same as <see cref="BudgetChatClient"/>, for vectors.</summary>
/// <param name="inner">What is asked; disposed with this.</param>
/// <param name="budget">The budget.</param>
internal sealed class BudgetEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, RequestBudget budget) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <inheritdoc/>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        var reserved = await budget.Reserve(PromptSize.Most(texts), 0, cancellationToken).ConfigureAwait(false);
        GeneratedEmbeddings<Embedding<float>> vectors;
        try
        {
            vectors = await base.GenerateAsync(texts, options, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            budget.Failed(reserved);
            throw;
        }

        budget.Answered(reserved, vectors.Usage);
        return vectors;
    }
}
