using System.Globalization;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>Makes a student of a part of its teacher: some layers, heads and widths, some tokens, with their weights (Sanh 2019 for layers, Muralidharan 2024 for the rest).</summary>
/// <remarks>
/// The teacher stays as it is. Of every weight the student takes the leading part along each dimension, or the rows and columns of the units with the highest scores; of rows per
/// token, those of its tokens.
/// </remarks>
public static class StudentFromTeacher
{
    /// <summary>The layers that a student takes.</summary>
    /// <param name="choose">Which.</param>
    /// <param name="count">How many, at most <paramref name="all"/>.</param>
    /// <param name="all">How many the teacher has.</param>
    /// <returns>Their numbers, rising; uniform has the first and the last where there are two or more.</returns>
    public static IReadOnlyList<int> Choose(LayerChoice choose, int count, int all)
    {
        if (count < 1 || count > all)
            throw new DecantException($"student.from-teacher: {count} layers were requested, and the teacher has {all}.");
        return choose switch
        {
            LayerChoice.First => [.. Enumerable.Range(0, count)],
            LayerChoice.Last => [.. Enumerable.Range(all - count, count)],
            LayerChoice.FirstAndLast => [.. Enumerable.Range(0, (count + 1) / 2), .. Enumerable.Range(all - (count / 2), count / 2)],
            LayerChoice.Importance or LayerChoice.LossIncrease => throw new DecantException("student.from-teacher: layers are chosen by importance, and there are no scores of them. Give UnitScores.Layers, as UnitImportances.Measure makes them, or another choice."),
            LayerChoice.Uniform => [.. Enumerable.Range(0, count).Select(i => count == 1 ? 0 : (int)Math.Round((double)i * (all - 1) / (count - 1), MidpointRounding.AwayFromZero))],
            _ => throw new ArgumentOutOfRangeException(nameof(choose), choose, "No such choice of layers."),
        };
    }

    /// <summary>How many layers a model has to choose from.</summary>
    /// <exception cref="DecantException">It has none that can be taken apart.</exception>
    public static int LayersOf(Model teacher) => ConfigCut.Layers(ConfigOf(teacher))
        ?? throw new DecantException($"student.from-teacher: a model of kind '{teacher?.Kind}' has no layers to choose from. Give student.model instead.");

    /// <summary>A new model that is a part of another.</summary>
    /// <param name="teacher">Of a family with a <c>config.json</c>.</param>
    /// <param name="part">Which part.</param>
    /// <param name="tokens">The tokens that are kept, by their id in the teacher's vocabulary, in the student's order; null: all. The settings name special tokens by their new ids.</param>
    /// <param name="scores">How important the teacher's units are: the highest are kept. Null: the first are. Must be given where <paramref name="part"/> says an importance.</param>
    /// <exception cref="DecantException">The part is none of this teacher, or scores are missing or not as many as there are units.</exception>
    public static Model Make(Model teacher, PartOfTeacher part, IReadOnlyList<int>? tokens = null, UnitScores? scores = null) => Make(teacher, part, tokens, scores, null);

    /// <summary>The same; says what was kept by importance.</summary>
    internal static Model Make(Model teacher, PartOfTeacher part, IReadOnlyList<int>? tokens, UnitScores? scores, Action<string>? note)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(part);
        if (part.Static is not null)
            throw new DecantException("student.from-teacher.static: a static student is made of a teacher and a tokenizer, which is not at hand here; distil with Distiller or a recipe.");
        if (part.ChoosesUnits && scores is null)
            throw new DecantException($"student.from-teacher: units are kept by importance ({part.Importance}), and there are no scores of them. Give UnitScores, as UnitImportances.Measure makes them, or importance First.");
        if (part.CompactKeys.Length == 0)
            return Cut(teacher, part, tokens, scores, note);
        using var whole = Cut(teacher, part, tokens, scores, note);
        return CompactStudent.Of(whole, part);
    }

    private static Model Cut(Model teacher, PartOfTeacher part, IReadOnlyList<int>? tokens, UnitScores? scores, Action<string>? note)
    {
        var layers = part.LayersOf(teacher, scores);
        var config = ConfigCut.Of(ConfigOf(teacher), part, layers, tokens);
        var channels = ChannelMap.Of(ConfigOf(teacher)) is { } map && (part.CutsChannels || part.Hidden is not null) ? new ChosenChannels(map, ChannelMap.Of(config)!, scores?.Channels) : null;
        var units = scores is null or { Heads: null, Intermediate: null, Hidden: null } ? null : new ChosenUnits(ConfigOf(teacher), config, scores);
        using var generator = new Generator(0); // every weight is replaced: loading must not move the generator that a run draws from
        var student = config.Build(generator);
        try
        {
            Copy(teacher, student, layers, tokens, units, channels);
            if (part.ChoosesLayers)
                note?.Invoke($"kept by importance: layers {string.Join(", ", layers!)}");
            if (units?.Describe(layers) is { Length: > 0 } said)
                note?.Invoke($"kept by {part.Importance.ToString().ToLowerInvariant()}: {said}");
            if (channels is not null && part.ChoosesUnits)
                note?.Invoke($"kept by {part.Importance.ToString().ToLowerInvariant()}: {channels.Describe()}");
            return student;
        }
        catch
        {
            student.Dispose();
            throw;
        }
    }

    private static void Copy(Model teacher, Model student, IReadOnlyList<int>? layers, IReadOnlyList<int>? tokens, ChosenUnits? units, ChosenChannels? channels)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var weights = teacher.StateDict();
        var config = ConfigOf(teacher);
        foreach (var (name, target) in student.StateDict())
        {
            var source = Source(weights, name, layers);
            if (tokens is not null && VocabularyCut.IsPerToken(name, source, teacher))
                source = source.IndexSelect(0, Tensor.From(tokens.Select(t => (long)t).ToArray()).To(source.Device));
            if (units is not null)
                source = units.Take(InTeacher(name, layers), source, target.Shape);
            if (channels is not null)
                source = channels.Take(name, source);
            target.CopyInPlace(Lead(name, source, target.Shape, config));
        }
    }

    private static Tensor Source(IReadOnlyDictionary<string, Tensor> weights, string name, IReadOnlyList<int>? layers)
    {
        var from = InTeacher(name, layers);
        if (!weights.TryGetValue(from, out var source))
            throw new DecantException($"student.from-teacher: a student of these sizes has a weight '{name}', and the teacher has none to begin with. Take other sizes, or give student.model instead.");
        if (weights.TryGetValue(name, out var replaced) && !replaced.Shape.SequenceEqual(source.Shape))
        {
            throw new DecantException(
                $"student.from-teacher: the layers cannot change places: '{from}' is of [{string.Join(", ", source.Shape)}] where '{name}' is of [{string.Join(", ", replaced.Shape)}], " +
                "for the lowest layer reads something else than the others. Let layer 0 be the first of the student, and the first alone.");
        }

        return source;
    }

    /// <summary>The teacher's name of a weight: the first number in it is that of the layer; an LSTM's stands at the end.</summary>
    private static string InTeacher(string name, IReadOnlyList<int>? layers)
    {
        if (layers is null)
            return name;
        var words = name.Split('.');
        var at = Array.FindIndex(words, w => int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        if (at >= 0)
            words[at] = layers[int.Parse(words[at], CultureInfo.InvariantCulture)].ToString(CultureInfo.InvariantCulture);
        else if (StackedWeights.LstmLayer(words[^1]) is { } layer)
            words[^1] = StackedWeights.OfLayer(words[^1], layers[layer]);
        return string.Join('.', words);
    }

    /// <summary>The leading part along every dimension.</summary>
    private static Tensor Lead(string name, Tensor source, long[] shape, ModelConfig config)
    {
        for (var dimension = 0; dimension < shape.Length; dimension++)
        {
            if (source.Size(dimension) != shape[dimension])
                source = Lead(source, dimension, shape[dimension], StackedWeights.Blocks(name, dimension, shape.Length, config));
        }

        return source;
    }

    /// <summary>The leading part of each of several blocks that lie one behind the other.</summary>
    private static Tensor Lead(Tensor source, int dimension, long size, int blocks)
    {
        if (blocks == 1)
            return source.Narrow(dimension, 0, size);
        var block = source.Size(dimension) / blocks;
        return Tensor.Cat([.. Enumerable.Range(0, blocks).Select(i => source.Narrow(dimension, i * block, size / blocks))], dimension);
    }

    private static ModelConfig ConfigOf(Model model) => (model as IConfigured)?.Config
        ?? throw new DecantException($"student.from-teacher: a {model?.GetType().Name} is of no family whose settings are known. Give student.model instead.");
}
