using System.Globalization;
using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>Takes of a convolutional teacher's weights, and of its norms' statistics, what belongs to the channels that a student keeps.</summary>
internal sealed class ChosenChannels
{
    private readonly ChannelMap _map;
    private readonly Dictionary<string, IReadOnlyList<int>> _kept = new(StringComparer.Ordinal);

    /// <summary>Chooses.</summary>
    /// <param name="teacher">The teacher's channels.</param>
    /// <param name="student">The student's.</param>
    /// <param name="scores">How important the teacher's are, by group; null: the first are kept.</param>
    /// <exception cref="DecantException">The scores are not of this teacher.</exception>
    public ChosenChannels(ChannelMap teacher, ChannelMap student, IReadOnlyDictionary<string, IReadOnlyList<double>>? scores)
    {
        _map = teacher;
        foreach (var group in teacher.Groups.Values)
        {
            var own = student.Groups[group.Name];
            _kept[group.Name] = own.Count == group.Count && (group.Carried is null || student.Groups[group.Carried].Count == teacher.Groups[group.Carried].Count)
                ? [.. Enumerable.Range(0, group.Count)]
                : Choose(group, own.Count, Scores(group, scores));
        }
    }

    /// <summary>The rows and columns of the kept channels.</summary>
    /// <param name="name">The weight's name.</param>
    /// <param name="source">The teacher's weight.</param>
    public Tensor Take(string name, Tensor source)
    {
        var groups = _map.Of(name, source.Dimensions);
        for (var dimension = 0; dimension < groups.Length; dimension++)
        {
            if (groups[dimension] is { } group && !IsWhole(group))
                source = source.IndexSelect(dimension, Tensor.From(Rows(group, source.Size(dimension))).To(source.Device));
        }

        return source;
    }

    /// <summary>What is kept, in one line.</summary>
    public string Describe()
    {
        var cut = _map.Groups.Values.Where(g => _kept[g.Name].Count < g.Count).Select(g => string.Create(CultureInfo.InvariantCulture, $"{_kept[g.Name].Count} of {g.Count} in {g.Name}"));
        return $"channels {string.Join(", ", cut)}";
    }

    private bool IsWhole(ChannelGroup group) => _kept[group.Name].Count == group.Count && _kept[group.Name].Index().All(kept => kept.Index == kept.Item);

    // Behind a pooling, each channel is several inputs of a linear layer, side by side.
    private long[] Rows(ChannelGroup group, long size)
    {
        var each = (int)(size / group.Count);
        return [.. _kept[group.Name].SelectMany(channel => Enumerable.Range(0, each).Select(i => ((long)channel * each) + i))];
    }

    private static IReadOnlyList<double> Scores(ChannelGroup group, IReadOnlyDictionary<string, IReadOnlyList<double>>? scores) => scores is null
        ? [.. Enumerable.Range(0, group.Count).Select(i => (double)-i)]
        : scores.GetValueOrDefault(group.Name) ?? throw new DecantException($"student.from-teacher: there are no scores of the channels of '{group.Name}'. Give a score for each of its {group.Count}, as UnitImportances.Measure does.");

    private IReadOnlyList<int> Choose(ChannelGroup group, int count, IReadOnlyList<double> scores)
    {
        var what = $"channels of '{group.Name}'";
        if (group.Carried is not { } before)
            return UnitScores.Highest(scores, count, group.Count, what);
        // What goes on from the stage before has its place in the middle: it stays there, and the best of the others stand around it.
        _ = UnitScores.Highest(scores, 0, group.Count, what);
        var first = ChannelGroup.FirstCarried(_map.Groups[before].Count, group.Count);
        int[] carried = [.. _kept[before].Select(channel => first + channel)];
        var others = Enumerable.Range(0, group.Count).Except(carried).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(count - carried.Length).Order().ToArray();
        var left = ChannelGroup.FirstCarried(carried.Length, count);
        return [.. others.Take(left), .. carried, .. others.Skip(left)];
    }
}
