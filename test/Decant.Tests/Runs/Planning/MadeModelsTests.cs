using Decant.Data;
using Decant.Modules;
using Decant.Objectives.Logits;
using Decant.Runs;
using Decant.Runs.Distilling;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Reports.Record;
using Decant.Torch;

namespace Decant.Tests.Runs.Planning;

/// <summary>How often models are made, and how long they live, counted in the models themselves.</summary>
public sealed class MadeModelsTests : IDisposable
{
    private readonly Workplace _work = new();

    public MadeModelsTests() => (Counted.Teachers, Counted.Living, Counted.MostLiving) = (0, 0, 0);

    public void Dispose() => _work.Dispose();

    /// <summary>Dry run, thread choice and run look at one teacher; made a second time it would be drawn, or read from disk, again.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public async Task A_teacher_that_is_trained_is_made_once_per_seed(int seeds, int expected)
    {
        await Distil(seeds, trained: true);
        Assert.Equal(expected, Counted.Teachers);
        Assert.Equal(0, Counted.Living);
    }

    [Fact]
    public async Task A_teacher_with_a_seed_of_its_own_is_made_once_for_all_seeds()
    {
        await Distil(3, trained: true, d => d.Configure(r => r with { Teacher = r.Teacher! with { Seed = 7 } }));
        Assert.Equal(1, Counted.Teachers);
    }

    /// <summary>Teacher, student, control and the copy of a teacher's for a look at the next: never more with five seeds than with one.</summary>
    [Fact]
    public async Task No_seeds_models_outlive_its_evaluation()
    {
        await Distil(1, trained: true);
        var ofOne = Counted.MostLiving;
        Counted.MostLiving = 0;
        await Distil(5, trained: true);
        Assert.Equal(ofOne, Counted.MostLiving);
        Assert.Equal(3, ofOne);
    }

    [Fact]
    public async Task Where_the_shares_of_the_cores_are_measured_the_teacher_begins_as_it_was_drawn()
    {
        var open = await Distil(1, trained: true, d => d.Threads(2), steps: 1200);
        Assert.Equal(1, Counted.Teachers);
        Assert.Contains(open.Record.Events, e => e is RunNote { Text: var text } && text.StartsWith("How the cores are shared was measured", StringComparison.Ordinal));
        var settled = new RecipeReader(Catalog.Standard.WithOwn().Kinds).Read(Path.Combine(open.Folder, "recipe.yaml")).Recipe.ThreadAllocation;
        var again = await Distil(1, trained: true, d => d.Threads(2).Configure(r => r with { ThreadAllocation = settled }), steps: 1200);
        Assert.Equal(File.ReadAllBytes(Path.Combine(open.Folder, "teacher", "model.safetensors")), File.ReadAllBytes(Path.Combine(again.Folder, "teacher", "model.safetensors")));
    }

    private async Task<DistillationResult> Distil(int seeds, bool trained, Func<Distiller, Distiller>? change = null, int steps = 4)
    {
        using var samples = Points(80, 1);
        using var test = Points(40, 2);
        var distiller = Distiller.Create(() => new Counted(isTeacher: true), () => new Counted(isTeacher: false)).On(samples, null, test)
            .With(new SoftTargets()).Train(o => o.Steps = 4).WithControl().Threads(1).Seeds([.. Enumerable.Range(1, seeds).Select(s => (long)s)])
            .SaveTo(_work.At(Guid.NewGuid().ToString("N")), name: "counted");
        if (trained)
            distiller = distiller.TrainTeacher(o => o.Steps = steps);
        return await (change?.Invoke(distiller) ?? distiller).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
    }

    private static Dataset Points(int count, int seed)
    {
        var random = new Random(seed);
        return Dataset.From("points", [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] at = [random.NextSingle() - 0.5f, random.NextSingle() - 0.5f];
            return ((SampleContent)new VectorContent(at), (string?)(at[0] > 0 ? "right" : "left"));
        })]);
    }

    private sealed class Counted : Model
    {
        private readonly Linear _layer;
        private bool _isDisposed;

        public Counted(bool isTeacher)
        {
            _layer = RegisterModule("layer", new Linear(2, 2));
            if (isTeacher && !ShapesOnly.IsOpen)
                Teachers++;
            if (!ShapesOnly.IsOpen)
                MostLiving = Math.Max(MostLiving, ++Living);
            else
                _isDisposed = true;
        }

        public static int Teachers { get; set; }

        public static int Living { get; set; }

        public static int MostLiving { get; set; }

        public override int Classes => 2;

        public override Tensor Forward(ModelInput input) => _layer.Forward(input.Values);

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (!_isDisposed)
                Living--;
            _isDisposed = true;
        }
    }
}
