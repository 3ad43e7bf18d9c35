using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Storing;

/// <summary>Decorators that read and write stored answers; the outermost of all.</summary>
public static class AnswersExtensions
{
    /// <summary>
    /// Reads answers from a store, and stores those that come before they are returned. The key is all of the messages and options; requests for tokens' probabilities and several samples are distinguished by
    /// <see cref="RemoteChatExtensions.WithLogprobs"/> and <see cref="RemoteChatExtensions.WithSample"/>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="answers">The answers of this teacher; they stay their owner's.</param>
    /// <returns>The builder. What its client answers has text, finish reason, model, usage and probabilities as they came, and no raw representation.</returns>
    public static ChatClientBuilder UseAnswers(this ChatClientBuilder builder, RemoteAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(answers);
        return builder.Use(inner => new AnswersChatClient(inner, answers));
    }

    /// <summary>The same for vectors of texts, each stored by itself in float32.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="answers">The answers of this teacher; they stay their owner's.</param>
    /// <returns>The builder.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> UseAnswers(this EmbeddingGeneratorBuilder<string, Embedding<float>> builder, RemoteAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(answers);
        return builder.Use(inner => new AnswersEmbeddings(inner, answers));
    }
}
