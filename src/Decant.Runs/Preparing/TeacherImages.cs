using Decant.Data;
using Decant.Data.Splitting;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>How a teacher is given images, where that is not how the student is.</summary>
internal static class TeacherImages
{
    /// <summary>The teacher's own; null where it reads images as the student does.</summary>
    /// <param name="recipe">The recipe, with folders in the place of addresses.</param>
    /// <param name="sample">A sample of its data.</param>
    /// <exception cref="DecantException">They differ, and something in the recipe needs one form for both.</exception>
    public static ImageInput? Of(Recipe recipe, Sample sample)
    {
        if (sample.Content is not ImageContent image || recipe.Teacher is not { } teacher)
            return null;
        var own = Of(recipe.Input, image, teacher.Load, teacher.Images);
        if (IsSame(own, recipe.Input, image))
            return null;
        return Obstacle(recipe) is not { } obstacle ? own : throw new DecantException(
            $"The teacher is given images of {Words(own)}, the student of {Words(recipe.Input)}: {obstacle}. Say the same of both under 'input' and 'teacher.images', or take that out.");
    }

    /// <summary>Refuses teachers that would be given other images than the student where only one form is served: several teachers, and those of several tasks.</summary>
    /// <param name="recipe">The recipe, of a task alone where there are several.</param>
    /// <param name="sample">A sample of its data.</param>
    /// <param name="reason">Why one form alone is.</param>
    /// <exception cref="DecantException">One of them would be.</exception>
    public static void RequireOneForm(Recipe recipe, Sample sample, string reason)
    {
        if (sample.Content is not ImageContent image)
            return;
        foreach (var (path, teacher) in recipe.LargeModels())
        {
            var own = Of(recipe.Input, image, teacher.Load, teacher.Images);
            if (!IsSame(own, recipe.Input, image))
                throw new DecantException($"{path} is given images of {Words(own)}, the student of {Words(recipe.Input)}: {reason}. Say the same under 'input', and leave 'images' out.");
        }
    }

    /// <summary>What a recipe, and then a model's folder, and then the recipe's input say of a model's images.</summary>
    /// <param name="input">The recipe's input.</param>
    /// <param name="image">One of its images.</param>
    /// <param name="load">The model's folder, or a file of weights; null: none.</param>
    /// <param name="images">What the recipe says of this model; null: nothing.</param>
    public static ImageInput Of(ImageInput input, ImageContent image, string? load, ImageInput? images)
    {
        var file = load is null ? null : StoredImages.Of(load, image.Height, image.Width);
        var stored = file?.Input;
        // A mean and its deviation belong together: who says one of them says both.
        var normalization = images is { Mean: not null } or { Std: not null } ? images : stored is { Mean: not null } or { Std: not null } ? stored : input;
        var size = images?.Size ?? (file is { HasSize: true } ? stored!.Size : input.Size);
        return new ImageInput { Size = size, Mean = normalization.Mean, Std = normalization.Std };
    }

    /// <summary>A recipe for a model at hand: it is given images as its folder says, where that says something.</summary>
    /// <param name="path">The model's folder.</param>
    /// <param name="splits">The recipe's data.</param>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="DecantException">The folder asks for what is not done here.</exception>
    public static Recipe AsRead(string path, DataSplits splits, Recipe recipe)
    {
        if (splits.Train[0].Content is not ImageContent image)
            return recipe;
        var own = Of(recipe.Input, image, path, null);
        return recipe with { Input = recipe.Input with { Size = own.Size, Mean = own.Mean, Std = own.Std } };
    }

    /// <summary>Whether two forms of an image are one.</summary>
    public static bool IsSame(ImageInput one, ImageInput other, ImageContent image) => Sides(one, image) == Sides(other, image) && Same(one.Mean, other.Mean, 0) && Same(one.Std, other.Std, 1);

    private static (int, int) Sides(ImageInput input, ImageContent image) => input.Size is { } size ? (size, size) : (image.Height, image.Width);

    private static bool Same(IReadOnlyList<double>? one, IReadOnlyList<double>? other, double absent) =>
        (one, other) switch
        {
            (null, null) => true,
            (null, { } only) => only.All(v => v == absent),
            ({ } only, null) => only.All(v => v == absent),
            _ => one.SequenceEqual(other),
        };

    /// <summary>What needs one form for both; null: nothing does.</summary>
    private static string? Obstacle(Recipe recipe)
    {
        if (recipe.Assistants is { Count: > 0 })
            return "assistants are taught and teach with images of one form";
        if (recipe.Student.IsPartOfTeacher)
            return "a student that is a part of its teacher reads images as the teacher does";
        foreach (var stage in recipe.Distill.Stages is { } stages ? stages.Select(s => s.Options) : [recipe.Distill])
        {
            if (stage.Objectives.Any(o => o.ReadsFeatures))
                return "an objective compares inner values of both, which belong to other pixels";
            if (stage.Augment is not null)
                return "'distill.augment' changes the student's images, which the teacher does not see ('teacher.train.augment' can stay)";
        }

        return null;
    }

    /// <summary>A form of images in words.</summary>
    public static string Words(ImageInput input) =>
        $"{(input.Size is { } size ? $"{size} × {size} pixels" : "their own size")} ({Numbers("mean", input.Mean)}, {Numbers("std", input.Std)})";

    private static string Numbers(string key, IReadOnlyList<double>? numbers) => numbers is null ? $"no {key}" : $"{key} {string.Join(", ", numbers)}";
}
