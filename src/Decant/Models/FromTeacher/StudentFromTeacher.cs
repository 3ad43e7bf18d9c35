using Decant.Modules;
using Decant.Torch;

namespace Decant.Models;

/// <summary>Makes a student of a part of its teacher: some layers, the first heads and widths, some tokens, with their weights (Sanh 2019 for layers).</summary>
/// <remarks>The teacher stays as it is. Of every weight the student takes the leading part along each dimension; of rows per token, those of its tokens.</remarks>
public static class StudentFromTeacher
{
    /// <summary>The layers that a student takes.</summary>
    /// <param name="choose">first, last, first-and-last or uniform.</param>
    /// <param name="count">How many, at most <paramref name="all"/>.</param>
    /// <param name="all">How many the teacher has.</param>
    /// <returns>Their numbers, rising; uniform has the first and the last where there are two or more.</returns>
    public static IReadOnlyList<int> Choose(string choose, int count, int all)
    {
        if (count < 1 || count > all)
            throw new DecantException($"student.from-teacher: {count} layers were asked for, and the teacher has {all}.");
        return choose switch
        {
            "first" => [.. Enumerable.Range(0, count)],
            "last" => [.. Enumerable.Range(all - count, count)],
            "first-and-last" => [.. Enumerable.Range(0, (count + 1) / 2), .. Enumerable.Range(all - (count / 2), count / 2)],
            "uniform" => [.. Enumerable.Range(0, count).Select(i => count == 1 ? 0 : (int)Math.Round((double)i * (all - 1) / (count - 1), MidpointRounding.AwayFromZero))],
            _ => throw new ArgumentOutOfRangeException(nameof(choose), choose, "One of first, last, first-and-last, uniform."),
        };
    }

    /// <summary>How many layers a model has to choose from.</summary>
    /// <exception cref="DecantException">It has none that can be taken apart.</exception>
    public static int LayersOf(Model teacher) => ConfigCut.Layers(ConfigOf(teacher))
        ?? throw new DecantException($"student.from-teacher: a model of kind '{teacher?.Kind}' has no layers to choose from. Give student.model instead.");

    /// <summary>A new model that is a part of another.</summary>
    /// <param name="teacher">Of a family with a <c>config.json</c>.</param>
    /// <param name="part">Which part.</param>
    /// <exception cref="DecantException">The part is none of this teacher.</exception>
    public static Model Make(Model teacher, PartOfTeacher part)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(part);
        var config = ConfigCut.Of(ConfigOf(teacher), part);
        using var generator = new Generator(0); // every weight is replaced: loading must not move the generator that a run draws from
        var student = config.Build(generator);
        try
        {
            Copy(teacher, student, part);
            return student;
        }
        catch
        {
            student.Dispose();
            throw;
        }
    }

    private static void Copy(Model teacher, Model student, PartOfTeacher part)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var weights = teacher.StateDict();
        var rows = ConfigCut.Tokens(ConfigOf(teacher)) ?? -1;
        foreach (var (name, target) in student.StateDict())
        {
            var source = weights[InTeacher(name, part.Layers)];
            target.CopyInPlace(Part(name, source, target.Shape, rows, part.Tokens));
        }
    }

    /// <summary>The teacher's name of a weight: the first number in it is that of the layer.</summary>
    private static string InTeacher(string name, IReadOnlyList<int>? layers)
    {
        if (layers is null)
            return name;
        var words = name.Split('.');
        var at = Array.FindIndex(words, w => int.TryParse(w, out _));
        if (at >= 0)
            words[at] = layers[int.Parse(words[at], System.Globalization.CultureInfo.InvariantCulture)].ToString(System.Globalization.CultureInfo.InvariantCulture);
        return string.Join('.', words);
    }

    private static Tensor Part(string name, Tensor source, long[] shape, int vocabulary, IReadOnlyList<int>? tokens)
    {
        if (tokens is not null && source.Size(0) == vocabulary && shape[0] == tokens.Count)
            source = source.IndexSelect(0, Tensor.From(tokens.Select(t => (long)t).ToArray()).To(source.Device));
        var stacked = StackedWeights.Of(name, shape.Length);
        for (var dimension = 0; dimension < shape.Length; dimension++)
        {
            if (source.Size(dimension) != shape[dimension])
                source = Lead(source, dimension, shape[dimension], stacked.Dimension == dimension ? stacked.Count : 1);
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
