using Decant.Data;
using Decant.Data.Batching;
using Decant.Evaluation.Ranking;
using Decant.Modules;

namespace Decant.Evaluation.Prediction;

/// <summary>Gathers the scores of the documents of queries: a model's numbers, or the cosines of its vectors. Queries without grades are left out.</summary>
internal sealed class RankingReader(Model model, Func<SampleId, double[]?>? words) : AnswerReader(model)
{
    private readonly List<(SampleId Id, double[] Scores, float[] Grades)> _queries = [];

    protected override void Read(Batch batch)
    {
        var ranked = batch.Ranked ?? throw new DecantException("The samples are no queries with documents, and they were to be ranked; give a source such as 'kind: rankings'.");
        var scores = ranked.Scores(Answer(Model, batch), scale: 1).ToArray<float>();
        var grades = ranked.Grades(batch.Labels).ToArray<float>();
        var queryOf = ranked.QueryOf.ToArray<long>();
        for (var (sample, at) = (0, 0); sample < batch.Size; sample++)
        {
            var end = at;
            while (end < queryOf.Length && queryOf[end] == sample) end++;
            if (float.IsFinite(grades[at]))
                _queries.Add((batch.Ids[sample], Array.ConvertAll(scores[at..end], s => (double)s), grades[at..end]));
            at = end;
        }
    }

    protected override TaskAnswers Finish()
    {
        _queries.Sort((a, b) => a.Id.Value.CompareTo(b.Id.Value));
        double[][] found = words is null ? [] : [.. _queries.Select(q => words(q.Id)).OfType<double[]>()];
        return new RankingAnswers(
            [.. _queries.Select(q => q.Scores)], [.. _queries.Select(q => q.Grades)], [.. _queries.Select(q => q.Id.Value)], words is not null && found.Length == _queries.Count ? found : null);
    }
}
