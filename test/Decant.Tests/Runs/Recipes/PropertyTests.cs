using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Writing;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Runs.Recipes;

public class PropertyTests
{
    private static readonly string[] Keys =
    [
        "name", "seed", "seeds", "data", "train", "split", "test", "validation", "input", "kind", "teacher", "student", "model", "hidden", "distill", "epochs",
        "batch", "optimizer", "learning-rate", "objectives", "temperature", "weight", "images", "mean", "x", "<<", "'a b'", "evaluate", "tune-bias", "augment", "tasks",
    ];

    private static readonly string[] Values =
    [
        "1", "0.5", "-3", "1e400", "true", "null", "~", "''", "text", "image", "idx", "mlp", "sgd", "labels", "soft-targets", "${NONE}", "${X:-1}", "*a", "&a 1", "!!int 3", "'3'", "中文",
    ];

    [Fact]
    public void No_tree_of_YAML_does_more_than_a_recipe_fault() => Prop.ForAll(Tree().ToArbitrary(), Tells).QuickCheckThrowOnFailure();

    [Fact]
    public void No_value_anywhere_in_a_right_recipe_does_more_than_a_recipe_fault()
    {
        var paths = Fakes.Read(Fakes.Image).ToYaml().Split('\n').Length;
        var places = from key in Gen.Elements(Places) from value in Flow(2) select $"{key}={value}";
        Assert.True(paths > Places.Length);
        Prop.ForAll(places.ArrayOf(3).ToArbitrary(), assignments =>
        {
            try
            {
                var document = Fakes.Read(Fakes.Image, assignments);
                return Fakes.Read(document.ToYaml()).Recipe == document.Recipe;
            }
            catch (RecipeException fault)
            {
                return fault.Faults.Count > 0 && fault.Faults.All(f => f.Where.Length > 0 && f.Message.Length > 0);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_bytes_do_more_than_a_told_fault() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        try
        {
            return Tells(RecipeText.Decode(bytes, "x.yaml"));
        }
        catch (DecantException)
        {
            return true;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Kebab_and_Pascal_are_each_others_inverse()
    {
        var word = from first in Gen.Elements("abcdefghijklmnopqrstuvwxyz".ToCharArray())
                   from rest in Gen.Elements("abcxyz0123".ToCharArray()).ArrayOf(4)
                   select first + new string(rest);
        Prop.ForAll(word.ArrayOf(3).ToArbitrary(), words =>
        {
            var kebab = string.Join('-', words);
            return KebabCase.FromPascal(KebabCase.ToPascal(kebab)) == kebab;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("LearningRate", "learning-rate")]
    [InlineData("MacroF1", "macro-f1")]
    [InlineData("L1", "l1")]
    [InlineData("IOBinding", "io-binding")]
    [InlineData("Cifar100Fine", "cifar100-fine")]
    [InlineData("MaxTokens", "max-tokens")]
    public void Keys_are_spelt_like_this(string pascal, string kebab) => Assert.Equal(kebab, KebabCase.FromPascal(pascal));

    [Fact]
    public void The_distance_of_names_is_a_distance() => Prop.ForAll(Names().ToArbitrary(), Names().ToArbitrary(), (a, b) =>
        Suggestion.Distance(a, b) == Suggestion.Distance(b, a)
        && Suggestion.Distance(a, b) == 0 == (a == b)
        && Suggestion.Distance(a, b) <= Math.Max(a.Length, b.Length)
        && Suggestion.Distance(a, b) >= Math.Abs(a.Length - b.Length)).QuickCheckThrowOnFailure();

    [Fact]
    public void One_slip_of_the_finger_is_always_found() => Prop.ForAll(
        (from key in Gen.Elements("temperature", "learning-rate", "epochs", "batch") from at in Gen.Choose(0, 3) select (key, at)).ToArbitrary(),
        slip => Suggestion.For(slip.key.Remove(slip.at, 1), ["temperature", "learning-rate", "epochs", "batch"]) == slip.key).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("temprature", "temperature")]
    [InlineData("tempertaure", "temperature")]
    [InlineData("learningRate", "learning-rate")]
    [InlineData("learning_rate", "learning-rate")]
    [InlineData("epoch", "epochs")]
    [InlineData("lr", null)]
    [InlineData("xyz", null)]
    public void A_suggestion_is_near_or_is_not_made(string came, string? expected) =>
        Assert.Equal(expected, Suggestion.For(came, ["temperature", "learning-rate", "epochs", "batch"]));

    private static readonly string[] Places =
    [
        "name", "seed", "seeds", "threads", "data.train", "data.train.images", "data.split", "data.split.test", "input", "input.kind", "teacher", "teacher.model.hidden", "teacher.train",
        "teacher.train.epochs", "student.model", "student.model.kind", "distill", "distill.optimizer", "distill.objectives", "distill.objectives[0]", "distill.objectives[0].weight",
        "distill.objectives[2]", "distill.combination", "distill.warm-up", "distill.stages", "distill.stages[0]", "assistants", "student.generations", "control", "evaluate", "evaluate.tune-bias",
    ];

    private static bool Tells(string yaml)
    {
        try
        {
            Fakes.Read(yaml);
            return true;
        }
        catch (RecipeException fault)
        {
            return fault.Faults.Count > 0;
        }
    }

    private static Gen<string> Tree() => from pairs in Gen.Two(Flow(4)).Select(p => p).ArrayOf(3)
                                         from keys in Gen.Elements(Keys).ArrayOf(3)
                                         select string.Concat(keys.Zip(pairs, (k, p) => $"{k}: {p.Item1}\n{k}2: {p.Item2}\n"));

    private static Gen<string> Flow(int depth)
    {
        if (depth == 0) return Gen.Elements(Values);
        var list = from items in Flow(depth - 1).ArrayOf(2) select $"[{string.Join(", ", items)}]";
        var map = from keys in Gen.Elements(Keys).ArrayOf(3)
                  from items in Flow(depth - 1).ArrayOf(3)
                  select $"{{ {string.Join(", ", keys.Zip(items, (k, v) => $"{k}: {v}"))} }}";
        return Gen.Frequency((2, Gen.Elements(Values)), (1, list), (3, map));
    }

    private static Gen<string> Names() => Gen.Elements("ab-".ToCharArray()).ArrayOf().Select(c => new string(c));
}
