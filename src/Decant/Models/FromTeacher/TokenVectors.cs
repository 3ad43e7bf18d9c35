using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>A teacher's vectors of single tokens: what its head is applied to, pooled as it pools texts.</summary>
internal static class TokenVectors
{
    private const int Batch = 256;

    /// <summary>The vectors [N, H] float32 on the CPU, in the order of the sequences.</summary>
    /// <param name="teacher">Stays as it is.</param>
    /// <param name="sequences">N of them, none empty.</param>
    /// <param name="pad">What fills shorter ones; it is masked out.</param>
    /// <exception cref="DecantException">The teacher records no representation, or its numbers are not finite.</exception>
    public static Tensor Of(Model teacher, IReadOnlyList<int[]> sequences, int pad)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var paths = new FeaturePaths(teacher, [Model.Representation]);
        var order = Enumerable.Range(0, sequences.Count).OrderBy(i => sequences[i].Length).ToArray(); // stable, so that batches are the same each time
        var parts = new List<Tensor>();
        teacher.InEvaluation(() =>
        {
            foreach (var chosen in order.Chunk(Batch))
                parts.Add(scope.Keep(Vectors(teacher, paths, [.. chosen.Select(i => sequences[i])], pad)));
            return true;
        });
        var places = new long[order.Length];
        for (var i = 0; i < order.Length; i++)
            places[order[i]] = i;
        var vectors = Tensor.Cat([.. parts], 0).IndexSelect(0, Tensor.From(places));
        if (vectors.IsFinite().All().Item() == 0)
            throw new DecantException("student.from-teacher.static: the teacher's vectors of single tokens are not all finite numbers; its weights are not usable. Load or train it again.");
        return scope.Keep(vectors);
    }

    private static Tensor Vectors(Model teacher, FeaturePaths paths, int[][] sequences, int pad)
    {
        using var scope = TensorScope.Open();
        var longest = sequences.Max(s => s.Length);
        var (ids, mask) = (new long[sequences.Length * longest], new bool[sequences.Length * longest]);
        Array.Fill(ids, pad);
        for (var row = 0; row < sequences.Length; row++)
        {
            for (var t = 0; t < sequences[row].Length; t++)
                (ids[row * longest + t], mask[row * longest + t]) = (sequences[row][t], true);
        }

        using var recorder = paths.Record();
        _ = teacher.Forward(new ModelInput(Tensor.From(ids, sequences.Length, longest).To(teacher.Device), Tensor.From(mask, sequences.Length, longest).To(teacher.Device))
        {
            Lengths = [.. sequences.Select(s => (long)s.Length)],
        });
        if (!recorder.Features.TryGetValue(Model.Representation, out var vectors) || vectors.Dimensions != 2 || vectors.Size(0) != sequences.Length)
            throw new DecantException($"student.from-teacher.static: a {teacher.Kind} records no vector of a text ('{Model.Representation}') that its head is applied to, so there are no rows for a table. Take another teacher, or give student.model.");
        return scope.Keep(vectors.To(Device.Cpu).To(DType.Float32));
    }
}
