using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Runs.Recipes.Binding;
using Decant.Torch;
using Decant.Training.Checkpoints;

namespace Decant.Runs.Recipes.Schema;

/// <summary>What every recipe says of its run: a recipe of one task, and one of several.</summary>
internal abstract record RunRecipe
{
    /// <summary>Its name, in reports and in the run's folder.</summary>
    [Description("short name, for reports and the run folder")]
    public required string Name { get; init; }

    /// <summary>What it is about, in a sentence or two; default: empty.</summary>
    [Description("description, in a sentence")]
    public string About { get; init; } = "";

    /// <summary>The seed of a run with one; 1 when neither this nor <see cref="Seeds"/> is given.</summary>
    [Description("random seed; default: 1")]
    [Range(0, long.MaxValue)]
    public long? Seed { get; init; }

    /// <summary>The seeds of a run that is repeated, for a mean and a spread.</summary>
    [Description("list of random seeds; the run is repeated for each, and mean ± standard deviation are reported")]
    [Range(0, long.MaxValue)]
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>How many threads compute at most; default: the machine's cores.</summary>
    [Description("maximum number of threads; default: the number of cores")]
    [Range(1, 1024)]
    public int? Threads { get; init; }

    /// <summary>Where models are trained and evaluated: <c>auto</c> (a GPU where there is one that can be used), <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; auto.</summary>
    [Description("device of the models: auto takes a GPU where one can be used, else the CPU; cuda:1 is the second GPU")]
    [RegularExpression("auto|cpu|cuda(:[0-9]{1,3})?", ErrorMessage = "{0}: expected auto, cpu, cuda, or cuda:1 for the second GPU")]
    public string Device { get; init; } = DeviceChoice.Auto;

    /// <summary>How each training uses the threads; default: measured at the start, and all of them in a run of several tasks. The same shares give the same models, bit for bit.</summary>
    [Description("thread allocation of each training; default: measured at the start of the run, with several tasks all threads")]
    public ThreadAllocationSection ThreadAllocation { get; init; } = new();

    /// <summary>Whether the same student is trained without a teacher too, to say what distillation bought; on unless switched off.</summary>
    [Description("also train the same student without a teacher (control), for comparison")]
    [Display(Order = Last)]
    public bool Control { get; init; } = true;

    /// <summary>How the result is measured.</summary>
    [Description("evaluation options")]
    [Display(Order = Last)]
    public EvaluateOptions Evaluate { get; init; } = new();

    /// <summary>What the student is exported to; null: nothing.</summary>
    [Description("export of the student to ONNX, also compressed, measured in ONNX Runtime; default: none")]
    [Display(Order = Last)]
    public ExportSection? Export { get; init; }

    /// <summary>When the run writes down all that it needs to go on after it was killed.</summary>
    [Description("checkpoint options, for resuming a killed run")]
    [Display(Order = Last)]
    public CheckpointOptions Checkpoints { get; init; } = new();

    private const int Last = 1; // of a recipe's keys, behind what it is about

    /// <summary>Where its values name environment variables.</summary>
    internal VariableReferences References { get; init; } = VariableReferences.None;

    /// <summary>The seeds of the run: <see cref="Seeds"/>, or <see cref="Seed"/> alone, or 1.</summary>
    /// <returns>At least one.</returns>
    public IReadOnlyList<long> RunSeeds() => RecipeSeeds.Of(Seed, Seeds);
}
