namespace Decant.Evaluation.TrivialAnswers;

/// <summary>The seeds with which a model is not measurably better than an answer that needs no model.</summary>
/// <param name="Answer">That answer, as in "not measurably better than …".</param>
/// <param name="Seeds">With how many seeds; 1 or more.</param>
/// <param name="OfSeeds">Of how many.</param>
internal sealed record Shortfall(string Answer, int Seeds, int OfSeeds)
{
    /// <summary>The shortfall of a model's seeds; null where there is none, or no such answer.</summary>
    public static Shortfall? Of(IReadOnlyList<TrivialAnswerTest?> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        TrivialAnswerTest[] failed = [.. seeds.OfType<TrivialAnswerTest>().Where(t => !t.IsBeaten)];
        return failed.Length == 0 ? null : new Shortfall(failed[0].Answer, failed.Length, seeds.Count);
    }

    /// <summary>"the teacher is not measurably better than always answering 'yes'", with "(1 of 3 seeds)" where it is not all of them.</summary>
    /// <param name="model">Which model: <c>teacher</c>, <c>student</c> or <c>ensemble</c>.</param>
    public string Sentence(string model) => $"the {model} is not measurably better than {Answer}{(Seeds == OfSeeds ? "" : $" ({Seeds} of {OfSeeds} seeds)")}";
}
