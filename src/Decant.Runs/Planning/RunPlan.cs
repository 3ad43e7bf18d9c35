
using Decant.Torch;

namespace Decant.Runs.Planning;

/// <summary>What a run consists of: steps in an order in which each comes after all that it needs. Whoever looks at a run reads this list: check, dry run, thread choice, resumption, the run itself.</summary>
internal sealed record RunPlan
{
    /// <summary>A plan of steps that are given in any order that fits; of those that are ready, the first given is done first.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="models">How the models that they use are made.</param>
    /// <exception cref="DecantException">Two steps have one id or leave the same file, a step needs one that there is not, or they need each other in a circle: all of it is named.</exception>
    public RunPlan(IReadOnlyList<RunStep> steps, IReadOnlyList<PlannedModel> models)
    {
        var faults = Faults(steps, models).ToArray();
        if (faults.Length > 0)
            throw new DecantException($"The plan of the run is wrong. {string.Join(" ", faults)}");
        Steps = Ordered(steps);
        Models = models.ToDictionary(m => m.Key);
    }

    /// <summary>The steps, in the order in which they are done.</summary>
    public IReadOnlyList<RunStep> Steps { get; }

    /// <summary>Where the models are placed when they are made; default: the CPU.</summary>
    public Device Device { get; init; }

    /// <summary>How each model is made.</summary>
    public IReadOnlyDictionary<ModelKey, PlannedModel> Models { get; }

    /// <summary>The trainings of one seed, those that all seeds share with the first.</summary>
    /// <param name="seed">The seed.</param>
    public IEnumerable<TrainStep> Trainings(long seed) => Steps.OfType<TrainStep>().Where(s => s.Seed == seed);

    /// <summary>A model and all that it is made of.</summary>
    public IEnumerable<ModelKey> WithParts(ModelKey key) => Models[key].Parts.SelectMany(WithParts).Prepend(key);

    private static IEnumerable<string> Faults(IReadOnlyList<RunStep> steps, IReadOnlyList<PlannedModel> models)
    {
        foreach (var same in steps.GroupBy(s => s.Id).Where(g => g.Count() > 1))
            yield return $"{same.Count()} steps have the id '{same.Key}'.";
        foreach (var file in steps.SelectMany(s => s.Leaves.Select(file => (s.Id, file))).GroupBy(l => l.file).Where(g => g.Count() > 1))
            yield return $"{string.Join(" and ", file.Select(l => $"'{l.Id}'"))} write the same file, {file.Key}: each needs a name of its own.";
        var (ids, keys) = (steps.Select(s => s.Id).ToHashSet(), models.Select(m => m.Key).ToHashSet());
        foreach (var step in steps)
        {
            foreach (var missing in step.After.Where(id => !ids.Contains(id)))
                yield return $"'{step.Id}' needs the step '{missing}', which there is not.";
            foreach (var missing in step.Uses.Where(key => !keys.Contains(key)))
                yield return $"'{step.Id}' uses the model '{missing}', which no step makes.";
        }
    }

    /// <summary>Each step after those that it needs.</summary>
    private static IReadOnlyList<RunStep> Ordered(IReadOnlyList<RunStep> steps)
    {
        var (ordered, done, waiting) = (new List<RunStep>(), new HashSet<string>(), steps.ToList());
        while (waiting.Count > 0)
        {
            var next = waiting.Find(s => s.After.All(done.Contains)) ?? throw new DecantException($"The plan of the run is wrong. These steps need each other in a circle: {string.Join(", ", Circle(waiting).Select(s => $"'{s}'"))}.");
            waiting.Remove(next);
            done.Add(next.Id);
            ordered.Add(next);
        }

        return ordered;
    }

    /// <summary>One of the circles among steps each of which waits for another.</summary>
    private static IEnumerable<string> Circle(List<RunStep> waiting)
    {
        var byId = waiting.ToDictionary(s => s.Id);
        var path = new List<string>();
        for (var at = waiting[0].Id; ; at = byId[at].After.First(byId.ContainsKey))
        {
            if (path.IndexOf(at) is >= 0 and var start)
                return path[start..].Append(at);
            path.Add(at);
        }
    }
}
