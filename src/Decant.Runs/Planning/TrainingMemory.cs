using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Signals;
using Decant.Torch;
using Decant.Training.Optimizers;

namespace Decant.Runs.Planning;

/// <summary>What the trainings of a plan need in memory, found on models that have shapes alone, before any model is made.</summary>
internal sealed class TrainingMemory(PreparedRun run, RunPlan plan)
{
    /// <summary>
    /// The share of all intermediate values of a forward pass that surely lives until the backward pass. Views are counted as copies, half precision takes half,
    /// and what is changed in place is counted twice.
    /// </summary>
    private const double LeastShare = 1.0 / 4;

    private const int Tried = 16;

    private readonly FreeMemory _free = FreeMemory.Now();
    private readonly Dictionary<PreparedData, long[]> _samples = []; // a teacher's may be others than the student's
    private readonly Dictionary<string, double> _teachers = [];
    private (string Arm, double Bytes) _largest;

    /// <summary>Refuses what cannot fit.</summary>
    /// <returns>A remark where an arm may not fit; null: everything seems to.</returns>
    /// <exception cref="DecantException">Weights, gradients, optimizer and what a batch surely leaves need more than is free: the numbers of each.</exception>
    public string? Check()
    {
        using (ShapesOnly.Open())
        using (var shapes = new MadeTeachers())
        {
            new PlanWalk(plan, run, shapes).Visit((step, model, arm) => Add(step, model, arm as Arm), step => step.Of is not null);
        }

        return _largest.Bytes <= _free.Bytes ? null
            : $"training the {_largest.Arm} may take up to about {WeightMemory.Text(_largest.Bytes)}, and {_free.Limit} has {WeightMemory.Text(_free.Bytes)} free: where it ends early, take a smaller batch with 'accumulate'.";
    }

    private void Add(TrainStep step, Model model, Arm? arm)
    {
        var task = step.Task ?? "";
        if (arm is not null)
            Add(arm, step.Of!, step.IsTeacher ? 0 : _teachers[task]);
        else if (step.IsTeacher)
            Fits(step.Model.Arm, WeightMemory.Of(model), 0, "", 0, step.Of!);
        if (step.IsTeacher)
            _teachers[task] = _teachers.GetValueOrDefault(task) + WeightMemory.Of(model);
    }

    private void Add(Arm arm, PreparedTask task, double teacher)
    {
        var weights = (double)WeightMemory.Of(arm.Model);
        // Parts of a model that stay as they are have no gradients.
        var learned = arm.Model.Adapter is { } adapter ? adapter.TrainedCount * (double)sizeof(float) : arm.Train is null && arm.Freeze is null ? weights : 0;
        var trained = learned * (2 + StatesOf(arm.Fit.Optimizer));
        if (arm.Model.Adapter is { IsShared: true })
            weights = learned; // the rest is the teacher's
        var rows = Math.Min(arm.Fit.Batch, Math.Max(1, arm.Samples.Count));
        Fits(arm.Name, weights, trained, teacher > 0 ? $", the teacher's weights {WeightMemory.Text(teacher)}" : "", teacher, task, rows, Activations(arm.Model, task, rows));
    }

    private void Fits(string arm, double weights, double trained, string others, double teacher, PreparedTask task, int rows = 0, double activations = 0)
    {
        var least = weights + trained + teacher + (activations * LeastShare);
        if (weights + trained + teacher + activations > _largest.Bytes)
            _largest = (arm, weights + trained + teacher + activations);
        if (least <= _free.Bytes)
            return;
        var parts = $"its weights take {WeightMemory.Text(weights)}" +
            (trained > 0 ? $", gradients, optimizer and the copy of the best weights {WeightMemory.Text(trained)}" : "") + others +
            (activations > 0 ? $", a batch of {rows} samples [{string.Join(", ", Sample(task.Data))}] at least {WeightMemory.Text(activations * LeastShare)}" : "");
        throw new DecantException(
            $"The {arm} does not fit into memory: {parts}; {_free.Limit} has {WeightMemory.Text(_free.Bytes)} free. Take a smaller model, or a smaller 'batch' with 'accumulate', or a smaller 'max-tokens'.", ExitCodes.Machine);
    }

    /// <summary>How many tensors the optimizer keeps for each that it trains.</summary>
    private static int StatesOf(object options) => options switch
    {
        AdamFamilyOptions => 2,
        Sgd { Momentum: > 0 } or RmsProp => 1,
        _ => 0,
    };

    /// <summary>The bytes of all that a forward pass of a batch makes; 0 where it cannot be found without memory.</summary>
    private double Activations(Model model, PreparedTask task, int rows)
    {
        var sample = Sample(task.Data);
        if (sample.Length == 0)
            return 0;
        try
        {
            using var counted = ShapesOnly.Open();
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            model.Eval();
            var input = new ModelInput(Tensor.Zeros([(long)rows * task.Data.InputsPerSample, .. sample], task.Data.Tokenizer is not null ? DType.Int64 : DType.Float32));
            // The logits of a large vocabulary are made in parts.
            _ = model is ChunkedHeadModel chunked ? chunked.States(input) : model.Forward(input);
            return counted.Bytes;
        }
        catch (TorchException)
        {
            return 0;
        }
    }

    private long[] Sample(PreparedData data) => _samples.TryGetValue(data, out var shape) ? shape : _samples[data] = SampleOf(data);

    /// <summary>The shape of a sample as the first ones are batched.</summary>
    private static long[] SampleOf(PreparedData data)
    {
        var count = Math.Min(Tried, data.Train.Count);
        if (count == 0)
            return [];
        using var batch = data.Collator.Collate([.. Enumerable.Range(0, count).Select(i => data.Train[i])], seed: 0, epoch: 0);
        return [.. batch.ToInput().Values.Shape.Skip(1)];
    }
}
