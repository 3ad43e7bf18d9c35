using System.Diagnostics;
using Decant.Export;
using Decant.Modules;
using Decant.Modules.Adapters;
using Decant.Torch;
using Decant.Training.Optimizers;

namespace Decant.Bench.Adapters;

/// <summary>What updates of a model cost that learns from itself: all weights trained, or an adapter. A process measures one way, since its peak of memory is read afterwards.</summary>
internal sealed record AdapterBench
{
    /// <summary>The folder of a model that reads tokens.</summary>
    public required string Folder { get; init; }

    /// <summary>The rank of the adapter; null: all weights are trained, and the teacher is a copy.</summary>
    public int? Rank { get; init; }

    /// <summary>Whether layers are computed again in the backward pass.</summary>
    public bool Recomputes { get; init; }

    /// <summary>Texts in a batch; 16.</summary>
    public int Rows { get; init; } = 16;

    /// <summary>Tokens in a text; 128.</summary>
    public int Tokens { get; init; } = 128;

    /// <summary>Updates that are timed, after one that is not; 5.</summary>
    public int Updates { get; init; } = 5;

    /// <summary>Trains a little, and gives the figures.</summary>
    public AdapterFigures Run()
    {
        using var teacher = ModelFolder.Load(Folder);
        teacher.RequireGrad(false);
        var before = ProcessFigures.ResidentBytes();
        using var student = Rank is null ? ModuleCopy.Of(teacher) : ModuleCopy.OverSameMemory(teacher);
        student.RequireGrad(true);
        if (Rank is { } rank)
            Lora.Attach(student, new LoraOptions { Rank = rank }, isShared: true).Freeze();
        student.Train();
        using var optimizer = new AdamOptimizer(Optimizer.GroupByDecay(student.NamedParameters(), 0), new AdamW { LearningRate = 1e-4 });
        var watch = new Stopwatch();
        for (var update = 0; update <= Updates; update++)
        {
            if (update == 1)
                watch.Start();
            Step(teacher, student, optimizer, (ulong)update);
        }

        var (state, moments) = (Bytes(student.LearnedState().Values), Bytes(optimizer.State.Values));
        return new AdapterFigures(ProcessFigures.PeakBytes() - before, moments, (2 * state) + moments, watch.Elapsed.TotalMilliseconds / Updates); // with the best weights
    }

    private void Step(Model teacher, Model student, AdamOptimizer optimizer, ulong seed)
    {
        using var scope = TensorScope.Open();
        using var layers = Recomputes ? Recomputation.Open() : null;
        var input = new ModelInput(Ids(seed));
        Tensor answer;
        using (Autograd.NoGrad())
            answer = teacher.Forward(input);
        (student.Forward(input) - answer).Square().Sum().Backward();
        Tensor[] parameters = [.. optimizer.Groups.SelectMany(g => g.Parameters)];
        optimizer.Step([.. parameters.Select(p => p.Grad)], 1e-4);
        foreach (var parameter in parameters)
            parameter.Grad = null;
    }

    private Tensor Ids(ulong seed)
    {
        var random = new Decant.Data.Rng(seed);
        return Tensor.From([.. Enumerable.Range(0, Rows * Tokens).Select(_ => (long)random.Next(500))], Rows, Tokens);
    }

    private static long Bytes(IEnumerable<Tensor> tensors) => tensors.Sum(t => t.ElementCount * t.DType.Size());
}

/// <summary>What updates cost.</summary>
/// <param name="PeakBytes">The most memory beyond that of the process with the teacher loaded.</param>
/// <param name="OptimizerBytes">What the optimizer keeps.</param>
/// <param name="CheckpointBytes">What a checkpoint holds: what is trained, the best of it, and what the optimizer keeps.</param>
/// <param name="Milliseconds">Of an update.</param>
internal sealed record AdapterFigures(long PeakBytes, long OptimizerBytes, long CheckpointBytes, double Milliseconds);
