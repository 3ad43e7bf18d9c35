using Decant.Models.Configuration;
using Decant.Models.Gpt2;
using Decant.Objectives.Logits;
using Decant.Teachers.Local;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Bench;

/// <summary>
/// Updates of a language model with GPT-2's vocabulary of 50,257 tokens and 2,048 positions in a batch, its logits made in parts or all at once: what memory the
/// parts save. Each in a process of its own; its peak is read afterwards.
/// </summary>
internal static class HeadMemory
{
    /// <summary>The workload that it belongs to.</summary>
    public const string Workload = "gpt";

    /// <summary>The name of our side with logits in parts.</summary>
    public const string Parts = "head-parts";

    /// <summary>The name of our side with all logits at once.</summary>
    public const string Whole = "head-whole";

    private const int Vocabulary = 50_257;
    private const int Steps = 2;

    /// <summary>Makes some updates, and returns the most memory that the process ever had, in bytes.</summary>
    /// <param name="isWhole">All logits at once.</param>
    public static long Measure(bool isWhole)
    {
        var workload = Workloads.Find(Workload);
        workload = workload with { Teacher = Widened(workload.Teacher), Student = Widened(workload.Student), Samples = workload.Batch };
        var input = new BenchInput(workload);
        using var student = Build(workload.Student, isWhole);
        using var teacher = new LocalTeacher(Build(workload.Teacher, isWhole), [], input.Tokenizer?.Hash);
        using var optimizer = new AdamOptimizer(Optimizer.GroupByDecay(student.NamedParameters(), 0), new AdamW { LearningRate = 1e-4 });
        using var loop = new TrainLoop(new TrainingPlan
        {
            Student = student,
            Teacher = teacher,
            Objectives = [new(new SoftTargetsObjective(), Decant.Bench.Workload.SoftWeight), new(new LabelsObjective(), 1 - Decant.Bench.Workload.SoftWeight)],
            Batches = input.Batches(augment: false),
            Optimizer = optimizer,
            Schedule = new ConstantSchedule(Steps, new ConstantRate()),
            LearningRate = 1e-4,
            Epochs = Steps,
            Steps = Steps,
        });
        loop.Run();
        return ProcessFigures.PeakBytes();
    }

    private static ModelConfig Widened(ModelConfig config) => (Gpt2Config)config with { VocabSize = Vocabulary };

    private static Decant.Modules.Model Build(ModelConfig config, bool isWhole)
    {
        var model = (Decant.Modules.ChunkedHeadModel)config.Build();
        return isWhole ? new WholeHead(model) : model;
    }
}
