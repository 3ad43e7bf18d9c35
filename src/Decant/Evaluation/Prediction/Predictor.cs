using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Modules;

namespace Decant.Evaluation.Prediction;

/// <summary>Asks a model about every sample of a source, in evaluation mode and without gradients.</summary>
internal static class Predictor
{
    /// <summary>A classifier's logits for one epoch of a source.</summary>
    /// <param name="model">The model; it is left in evaluation mode.</param>
    /// <param name="batches">Batches in which every sample has a label.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static Predictions Predict(Model model, IBatchSource batches, CancellationToken cancellationToken = default) =>
        (Predictions)Ask(model, batches, new EvaluationTask(), teacher: null, cancellationToken);

    /// <summary>A model's answers for one epoch of a source, of any task; samples come in the order of their ids, so that two models compare one by one.</summary>
    /// <param name="model">The model; it is left in evaluation mode.</param>
    /// <param name="batches">One epoch is gone through; rows without a label are left out.</param>
    /// <param name="task">What is measured.</param>
    /// <param name="teacher">
    /// The teacher, evaluated on the same batches where the closeness to it needs answers that are too large to keep: language models and embeddings. May be the
    /// model itself; null: the closeness is not measured.
    /// </param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="DecantException">Answers that do not fit the task, or are not finite.</exception>
    public static TaskAnswers Ask(Model model, IBatchSource batches, EvaluationTask task, Model? teacher = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(task);
        AnswerReader reader = task.Task switch
        {
            ModelTask.TokenClassification => new TokenReader(model, task.Classes, task.TagScheme) { CarriesState = task.CarriesState },
            ModelTask.MultiLabel => new MultiLabelReader(model, task.Thresholds),
            ModelTask.Regression or ModelTask.Embedding when task.IsRanking => new RankingReader(model, task.WordScores),
            ModelTask.Regression => new RegressionReader(model, task.Correlation),
            ModelTask.Embedding => new EmbeddingReader(model, teacher),
            ModelTask.MaskedLanguageModel or ModelTask.CausalLanguageModel => new LanguageReader(model, teacher, task.BytesOf, task.Units) { CarriesState = task.CarriesState },
            _ => new ClassReader(model),
        };
        return reader.ReadAll(batches, cancellationToken);
    }
}
