using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Pictures;
using Decant.Data.Sources;
using Decant.Export;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Hardware;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>Classifies the pictures of a folder with a model of images: one JSON object per line, in the order of their paths.</summary>
/// <remarks>
/// They are read as the training samples of the model's run were where those came from pictures; otherwise they are stretched to the model's size, with its channels. A picture that cannot be decoded has
/// its <c>error</c> in its place.
/// </remarks>
/// <param name="catalog">The kinds that the run's recipe may name; null: those that come along.</param>
internal sealed class PicturePredictJob(Catalog? catalog = null)
{
    /// <summary>Answers pictures.</summary>
    /// <param name="folder">A model's folder, or a run's (its student).</param>
    /// <param name="options">How.</param>
    /// <param name="pictures">A picture, or a folder whose pictures and those below it are answered.</param>
    /// <param name="write">Is given the answer to each picture, without a line break.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="DecantException">The folder has no model that classifies images, nothing says how images are normalized, or there are no pictures.</exception>
    public PredictSummary Run(string folder, PredictRequest options, string pictures, Action<string> write, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(write);
        MachineFacts.Prepare(null);
        var path = EvaluateJob.ModelPath(folder);
        using var model = ModelFolder.Load(path);
        var config = ((IConfigured)model).Config;
        if (config.Task != ModelTask.Classification || config.ToJson()["input_shape"] is not JsonArray { Count: 3 } array)
            throw new DecantException($"{path}: expected a model that classifies images, came one of kind '{model.Kind}' for {config.Task}; texts are answered without --images.");
        int[] shape = [.. array.Select(size => (int)size!)];
        var (form, input) = Form(path, shape);
        var found = File.Exists(pictures) ? new PictureFiles([new(pictures, null)], []) : PictureFiles.In(pictures, hasClasses: false);
        var collator = new ImageCollator(input.Mean, input.Std, null, input.Size);
        var (lines, faulty, first) = (0L, 0L, (string?)null);
        foreach (var some in found.Pictures.Chunk(options.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (picture, answer, fault) in Answer(model, collator, form, some, shape))
            {
                lines++;
                faulty += fault is null ? 0 : 1;
                first ??= fault is null ? null : $"{picture}: {fault}";
                write(Line(File.Exists(pictures) ? Path.GetFileName(picture) : Path.GetRelativePath(pictures, picture), answer, fault));
            }
        }

        return new PredictSummary(lines, faulty, 0, first) { Remarks = found.Remarks };

        string Line(string file, float[]? logits, string? fault)
        {
            using var name = JsonDocument.Parse(new JsonObject { ["file"] = file }.ToJsonString());
            var fields = new PredictInput([.. name.RootElement.EnumerateObject()], null, null);
            return new LineWriter().Line(fields, logits is null ? null : ClassAnswer.Of(logits, config.ClassNames, options.Top ?? config.ClassNames.Count), isCut: false, fault);
        }
    }

    private static IEnumerable<(string Picture, float[]? Logits, string? Fault)> Answer(Model model, ImageCollator collator, PictureSourceOptions form, PictureFile[] pictures, int[] shape)
    {
        var read = new (ImageContent? Image, string? Fault)[pictures.Length];
        Parallel.For(0, read.Length, i => read[i] = Read(pictures[i].Path, form, shape));
        Sample[] samples = [.. read.Index().Where(r => r.Item.Image is not null).Select(r => new Sample(new SampleId((ulong)r.Index), r.Item.Image!, null))];
        var (answers, next) = (samples.Length == 0 ? [] : Ask(model, collator, samples), 0);
        return [.. read.Select((r, i) => (pictures[i].Path, r.Image is null ? null : answers[next++], r.Fault))];
    }

    private static float[][] Ask(Model model, ImageCollator collator, Sample[] samples)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var batch = collator.Collate(samples, 0, 0);
        return [.. model.Forward(batch.ToInput(model.Device)).To(DType.Float32).ToArray<float>().Chunk(model.Classes)];
    }

    private static (ImageContent? Image, string? Fault) Read(string path, PictureSourceOptions form, int[] shape)
    {
        try
        {
            var image = PictureForm.Of(PictureFiles.Bytes(path), form);
            return form.Size is not null || (image.Height == shape[1] && image.Width == shape[2]) ? (image, null)
                : (null, $"expected {shape[2]} × {shape[1]} pixels, as the run's pictures had, came {image.Width} × {image.Height}");
        }
        catch (RowFaultException fault)
        {
            return (null, fault.Message);
        }
    }

    /// <summary>How pictures become images, and what becomes of those before the model reads them.</summary>
    private (PictureSourceOptions Form, ImageInput Input) Form(string path, int[] shape)
    {
        var recipe = new EvaluateJob(catalog ?? Catalog.Standard).FindRecipe(path);
        var input = StoredImages.Of(path, shape[1], shape[2])?.Input ?? recipe?.Input
            ?? throw new DecantException($"{path}: nothing says how images are normalized: expected a {PreprocessorConfig.FileName} in it, or the recipe of its run above it.");
        if (recipe?.Data.Train is PictureSourceOptions { Size: not null } form) return (form, input);
        if (shape[1] != shape[2] && recipe?.Data.Train is not PictureSourceOptions)
            throw new DecantException($"{path}: pictures are resized to squares, and the model reads images of {shape[2]} × {shape[1]} pixels.");
        return (recipe?.Data.Train as PictureSourceOptions ?? new ImageFolderOptions { Folder = "", Size = shape[1], Channels = shape[0] }, input);
    }
}
