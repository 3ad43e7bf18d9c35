using Decant.Data;
using Decant.Torch;

namespace Decant.Runs.Preparing;

/// <summary>What each part of a run starts its random numbers from: the run's seed and the part's purpose.</summary>
internal static class Seeding
{
    public const ulong TeacherWeights = 1;
    public const ulong TeacherTraining = 2;

    // Student and control start from the same weights and see their batches in the same order.
    public const ulong StudentWeights = 3;
    public const ulong StudentTraining = 4;
    public const ulong WarmUpTraining = 5;

    // The samples that importances of a teacher's units are measured on.
    public const ulong Calibration = 6;

    // The order in which several tasks take turns; each task's own batches follow.
    public const ulong TaskOrder = 1000;
    public const ulong TaskBatches = 1001;

    private const ulong OwnGenerators = 1UL << 62;

    // The first stage is StudentTraining, so that a stage that is added after it changes nothing that comes before.
    private const ulong LaterStages = 100;
    private const ulong Blocks = 10_000;

    // Far from all purposes of one model, and from each other: fewer than 256 assistants, and than 256 generations.
    private const ulong PerAssistant = 1 << 16;
    private const ulong PerGeneration = 1 << 24;

    /// <summary>The training of one of a student's stages.</summary>
    /// <param name="stage">From 0.</param>
    public static ulong Stage(int stage) => stage == 0 ? StudentTraining : LaterStages + (ulong)stage;

    /// <summary>The training of one block of a blockwise student.</summary>
    /// <param name="number">From 1.</param>
    public static ulong Block(int number) => Blocks + (ulong)number;

    /// <summary>What is added to a student's purposes for an assistant.</summary>
    /// <param name="number">From 1.</param>
    public static ulong Assistant(int number) => PerAssistant * (ulong)number;

    /// <summary>What is added to a student's purposes for one of the generations before it.</summary>
    /// <param name="number">From 1.</param>
    public static ulong Generation(int number) => PerGeneration * (ulong)number;

    /// <summary>What chooses the labels that student and control may see: another choice for each seed of a run and for each seed of the split.</summary>
    public static long Labels(long splitSeed, long seed) => unchecked((long)Rng.For((ulong)splitSeed, (ulong)seed).NextUInt64());

    public static ulong For(long seed, ulong purpose) => Rng.For((ulong)seed, purpose).NextUInt64();

    /// <summary>A generator of a part's own, apart from libtorch's: what it draws moves nothing else.</summary>
    public static Generator NewGenerator(long seed, ulong purpose) => new(For(seed, OwnGenerators + purpose));

    /// <summary>Starts libtorch's generator, which initialisation and dropout draw from.</summary>
    public static void Start(long seed, ulong purpose)
    {
        using var generator = Generator.Default();
        generator.Seed(For(seed, purpose));
    }
}
