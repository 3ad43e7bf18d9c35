using System.Globalization;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Torch;

namespace Decant.Runs.Fitting;

/// <summary>
/// The search for the best student within a budget: all parts of the teacher are counted; those that may keep the limits, and that no larger one dominates, are exported and timed, in the order of the quality that the
/// teacher loses when it is cut so; of these some are trained a little, the better of them longer, the last two to the end.
/// </summary>
/// <param name="catalog">Names the forms.</param>
/// <param name="recipe">The recipe, with a teacher that is trained.</param>
/// <param name="data">Its data.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="runs">Trains candidates.</param>
internal sealed class BudgetSearch(Catalog catalog, Recipe recipe, PreparedData data, Model teacher, CandidateRuns runs)
{
    private const int TypicalTokens = 32; // for operations, by which candidates are only compared

    private readonly CandidateGrid _grid = CandidateGrid.Of(ConfigOf(teacher), recipe.Student.FromTeacher!, FormChoice.Of(recipe, catalog));
    private Dictionary<Candidate, CandidateSize>? _sizes;

    /// <summary>Gets what is done, in words.</summary>
    public Action<string> Note { get; init; } = _ => { };

    /// <summary>Measures candidates; kept for searches with other limits.</summary>
    public CandidateMeasuring Measuring { get; } = new(catalog, data, teacher);

    /// <summary>All candidates that there are, with their sizes.</summary>
    public IReadOnlyDictionary<Candidate, CandidateSize> Sizes => _sizes ??= Count();

    /// <summary>Searches.</summary>
    /// <exception cref="DecantException">No candidate keeps the limits, or nothing can be validated.</exception>
    public (FitResult Result, Candidate Best) Run(FitLimits limits, CancellationToken cancellationToken)
    {
        if (data.Validation is null)
            throw new DecantException("A student within a budget is chosen by its validation samples, and there are none: give data.validation, or data.split with a part for it.");
        Note(string.Create(CultureInfo.InvariantCulture, $"Looking for a student within {limits}: {Sizes.Count:N0} parts of the teacher and forms."));
        var before = runs.Cost;
        var loss = new Sensitivities(_grid, data, teacher, Seeding.For(recipe.RunSeeds()[0], Seeding.Calibration));
        var search = new CandidateSearch(
            Sizes, limits, c => Measure(c, cancellationToken), new CandidateEstimates(Sizes, Measuring.Measured), c => loss.Of(c, cancellationToken), c => c.Levels[0]);
        foreach (var end in Ends())
            _ = Measure(end, cancellationToken);
        var found = search.Find(recipe.Student.Budget!.Candidates);
        if (found.Count == 0)
            throw Refused(limits, search.Nearest(Measuring.Measured));
        var scores = found.ToDictionary(c => c, _ => new List<double?>());
        var best = SuccessiveHalving.Best([.. found.OrderBy(c => loss.Of(c, cancellationToken))], (candidate, share) =>
        {
            Note(string.Create(CultureInfo.InvariantCulture, $"Training for {share:P0} of the updates: {candidate.Name}"));
            var (value, round) = (runs.Validated(candidate, share, cancellationToken), Array.IndexOf([.. SuccessiveHalving.Rounds], share));
            scores[candidate].AddRange([.. Enumerable.Repeat((double?)null, round - scores[candidate].Count), value]);
            return runs.Metric.HigherIsBetter ? value : -value;
        });
        return (new FitResult
        {
            Name = recipe.Name,
            Task = recipe.Task,
            Limits = limits,
            Metric = runs.Metric.Name,
            Candidates = Sizes.Count,
            Measured = Measuring.Measured.Count,
            Cost = runs.Cost - before,
            Rows = [.. found.OrderByDescending(c => c == best).ThenByDescending(c => scores[c].Count).ThenByDescending(c => runs.Metric.HigherIsBetter ? scores[c].LastOrDefault() : -scores[c].LastOrDefault())
                .Select(c => new FitRow(c.Name, Measuring.Measured[c], [.. scores[c]]))],
        }, best);
    }

    // Measured once; each is said when it is.
    private CandidateFigures Measure(Candidate candidate, CancellationToken cancellationToken)
    {
        var isKnown = Measuring.Measured.ContainsKey(candidate);
        var figures = Measuring.Of(candidate, cancellationToken);
        if (!isKnown)
            Note(string.Create(CultureInfo.InvariantCulture, $"Exported: {candidate.Name}: {figures.Parameters:N0} parameters, {Reports.View.Words.Bytes(figures.Bytes)}, {figures.Milliseconds:0.00} ms"));
        return figures;
    }

    // The largest and the smallest of each form: what lies between is estimated from them.
    private IEnumerable<Candidate> Ends()
    {
        foreach (var form in Sizes.Keys.GroupBy(c => c.Levels[^1]))
        {
            yield return form.MaxBy(c => Sizes[c].Parameters)!;
            yield return form.MinBy(c => Sizes[c].Parameters)!;
        }
    }

    private Dictionary<Candidate, CandidateSize> Count()
    {
        using var shapes = ShapesOnly.Open();
        using var scope = TensorScope.Open();
        using var generator = new Generator(0);
        using var bare = ConfigOf(teacher).Build(generator);
        long[] sample = data.Tokenizer is null ? [.. data.Context.SampleShape] : [Math.Min(TypicalTokens, data.Context.MaxTokens)];
        var sizes = new Dictionary<Candidate, CandidateSize>();
        foreach (var alike in _grid.All().GroupBy(c => string.Join(' ', c.Levels.SkipLast(1)))) // forms have the same shapes
        {
            if (CandidateSize.Of(bare, alike.First().Part, sample) is not { } size)
                continue;
            foreach (var candidate in alike)
                sizes.TryAdd(candidate, size);
        }

        return sizes.Count > 0 ? sizes : throw new DecantException($"student.budget: no part can be taken of the teacher, a model of kind '{teacher.Kind}'. Give student.model, of the size that is wanted, without a budget.");
    }

    private DecantException Refused(FitLimits limits, (Candidate Candidate, CandidateFigures Figures) nearest)
    {
        var (candidate, figures) = nearest;
        return new(string.Create(CultureInfo.InvariantCulture,
            $"student.budget: no student of this teacher keeps {limits}; {Sizes.Count:N0} were counted and {Measuring.Measured.Count} exported and timed. The nearest ({candidate.Name}) has {figures.Parameters:N0} parameters, a file of {Reports.View.Words.Bytes(figures.Bytes)}, and takes {figures.Milliseconds:0.00} ms. ") +
            (data.Tokenizer is not null && data.Restricted is null ? "Give a larger budget, cut the vocabulary with 'input.vocabulary: used', or choose a student of another family (student.model)." : "Give a larger budget, or choose a student of another family (student.model)."));
    }

    private static ModelConfig ConfigOf(Model model) => (model as IConfigured)?.Config
        ?? throw new DecantException($"student.budget: the teacher is of no family whose settings are known ({model.Kind}), so no part of it can be taken. Give student.model without a budget.");
}
