using Decant.Models.Configuration;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

internal static class InputChecks
{
    public static IEnumerable<RecipeFinding> Keys(Recipe recipe, IKindRegistry kinds)
    {
        var input = recipe.Input;
        var isText = input.Kind is InputKind.Text;
        if (isText && input.Tokenizer is null && recipe.LargeModels().All(t => t.Section is { Load: null, Gguf: null }))
            yield return new("input", "text needs a tokenizer: tokenizer: { kind: … }");
        if (isText && input.MaxTokens is null) yield return new("input", "text needs the length it is cut to, such as max-tokens: 128");
        if (!isText && input.Tokenizer is not null) yield return new("input.tokenizer", Only("tokenizer", "text", input));
        if (!isText && input.MaxTokens is not null) yield return new("input.max-tokens", Only("max-tokens", "text", input));
        foreach (var finding in Images("input", input, input)) yield return finding;
        foreach (var (path, teacher) in recipe.LargeModels())
        {
            if (teacher.Images is { } images)
                foreach (var finding in TeacherImages($"{path}.images", images, recipe)) yield return finding;
        }

        if (input.Vocabulary is KeptVocabulary.Used or KeptVocabulary.Named && UsedFault(recipe, kinds) is { } fault) yield return new("input.vocabulary", fault);
        if (isText) yield break;
        foreach (var (path, fit) in RecipeChecks.Fits(recipe))
            if (fit.BucketByLength is true) yield return new($"{path}.bucket-by-length", Only("bucket-by-length", "text", input));
    }

    public static IEnumerable<RecipeFinding> Kinds(Recipe recipe, IKindRegistry kinds)
    {
        (string, string, object?, string)[] choices =
        [
            ("data.train", Sections.Source, recipe.Data.Train, "gives"),
            ("data.validation", Sections.Source, recipe.Data.Validation, "gives"),
            ("data.test", Sections.Source, recipe.Data.Test, "gives"),
            .. recipe.LargeModels().Select(t => ($"{t.Path}.model", Sections.Model, (object?)t.Section.Model, "takes")),
            ("student.model", Sections.Model, recipe.Student.Model, "takes"),
            .. (recipe.Assistants ?? []).Select((a, i) => ($"assistants[{i}].model", Sections.Model, (object?)a.Model, "takes")),
            .. RecipeChecks.Fits(recipe).Select(f => ($"{f.Path}.transfer-set.data", Sections.Source, (object?)(f.Fit as DistillSection)?.TransferSet?.Data, "gives")),
        ];
        foreach (var (path, section, options, verb) in choices)
        {
            var kind = options is null ? null : kinds.Find(section, options);
            var inputs = kind?.Inputs ?? [];
            if (inputs.Count > 0 && !inputs.Contains(recipe.Input.Kind))
                yield return new($"{path}.kind", $"{path}: '{kind!.Kind}' {verb} {string.Join(" or ", inputs.Select(Name))}, and input.kind is {Name(recipe.Input.Kind)}");
        }
    }

    public static IEnumerable<RecipeFinding> Augment(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, fit) in RecipeChecks.Fits(recipe))
        {
            if (fit.Augment is not { } augment) continue;
            (string Key, bool IsUsed, InputKind For)[] uses =
            [
                ("shift", augment.Shift > 0, InputKind.Image),
                ("crop-padding", augment.CropPadding > 0, InputKind.Image),
                ("flip", augment.Flip, InputKind.Image),
                ("token-dropout", augment.TokenDropout > 0, InputKind.Text),
            ];
            if (augment.Views is not null && !uses.Any(use => use.IsUsed))
                yield return new($"{path}.augment.views", "'views' says how many augmented views of a sample there are, and nothing is augmented; give one of shift, crop-padding, flip and token-dropout, or leave augment out");
            if (augment.Views is not null && recipe.Task == ModelTask.MaskedLanguageModel)
                yield return new($"{path}.augment.views", "other tokens are hidden in every epoch, so that no view comes twice; leave 'views' out");
            foreach (var use in uses.Where(u => u.IsUsed && u.For != recipe.Input.Kind))
                yield return new($"{path}.augment.{use.Key}", Only(use.Key, use.For is InputKind.Image ? "images" : "text", recipe.Input));
        }
    }

    private static IEnumerable<RecipeFinding> Images(string path, ImageInput images, InputSection input)
    {
        (string Key, bool IsSaid)[] keys = [("size", images.Size is not null), ("mean", images.Mean is not null), ("std", images.Std is not null)];
        foreach (var (key, _) in keys.Where(k => k.IsSaid && input.Kind is not InputKind.Image))
            yield return new($"{path}.{key}", Only(key, "images", input));
        if (images is { Mean.Count: var m, Std.Count: var s } && m != s)
            yield return new($"{path}.std", $"'mean' has {m} channels and 'std' {s}; they must be as many");
    }

    private static IEnumerable<RecipeFinding> TeacherImages(string path, ImageInput images, Recipe recipe)
    {
        foreach (var finding in Images(path, images, recipe.Input)) yield return finding;
        if (images == new ImageInput())
            yield return new(path, "'images' says nothing: give size, mean or std, or leave it out");
        if (recipe.Teachers is not null)
            yield return new(path, "several teachers are given images in one form; say it under 'input', and leave 'images' out");
    }

    private static string? UsedFault(Recipe recipe, IKindRegistry kinds)
    {
        var input = recipe.Input;
        if (input.Kind is not InputKind.Text) return Only("vocabulary", "text", input);
        if (input.Tokenizer is { } tokenizer && kinds.KindOf(Sections.Tokenizer, tokenizer) is not "load" and var trained) return $"'{EnumWords.Of(input.Vocabulary!.Value)}' is for a tokenizer that is loaded; '{trained}' is trained on these texts and has no other tokens; leave 'vocabulary' out";
        if (recipe.LargeModels().FirstOrDefault(t => t.Section is { Load: not null, Model: not null }).Path is { } path) return $"'{EnumWords.Of(input.Vocabulary!.Value)}' needs the settings of a teacher that is loaded, from the config.json of its folder; leave '{path}.model' out";
        return null;
    }

    private static string Only(string key, string takers, InputSection input) => $"'{key}' is for {takers}, and input.kind is {Name(input.Kind)}; leave it out";

    private static string Name(InputKind kind) => EnumWords.Of(kind);
}
