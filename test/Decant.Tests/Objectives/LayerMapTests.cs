using Decant.Modules;
using Decant.Objectives.Features;
using Decant.Signals;

namespace Decant.Tests.Objectives;

/// <summary>Which layers are compared with which.</summary>
public class LayerMapTests
{
    [Theory]
    [InlineData(1, 1, "1-1")]
    [InlineData(1, 12, "1-12")]
    [InlineData(4, 12, "1-3 2-6 3-9 4-12")]
    [InlineData(3, 27, "1-9 2-18 3-27")]
    [InlineData(5, 12, "1-2 2-5 3-7 4-10 5-12")]
    [InlineData(4, 2, "1-1 2-1 3-2 4-2")]
    [InlineData(8, 2, "1-1 2-1 3-1 4-1 5-1 6-2 7-2 8-2")]
    public void Uniform_spreads_the_student_s_layers_over_the_teacher_s(int student, int teacher, string expected) =>
        Assert.Equal(expected, Pairs(student, teacher, new HiddenStates { Layers = LayerMapping.Uniform }));

    [Fact]
    public void A_uniform_map_ends_at_the_last_layer_and_never_goes_back_whatever_the_depths()
    {
        for (var student = 1; student < 30; student++)
        {
            for (var teacher = 1; teacher < 30; teacher++)
            {
                var ends = Pairs(student, teacher, new HiddenStates()).Split(' ').Select(p => int.Parse(p.Split('-')[1])).ToArray();
                Assert.Equal(ends.Order(), ends);
                Assert.Equal((teacher, true), (ends[^1], ends[0] >= 1));
            }
        }
    }

    [Theory]
    [InlineData(LayerMapping.Last, 3, 9, "3-9")]
    [InlineData(LayerMapping.FirstAndLast, 3, 9, "1-1 3-9")]
    [InlineData(LayerMapping.FirstAndLast, 1, 9, "1-9")]
    [InlineData(LayerMapping.Learned, 2, 3, "1-1+2+3 2-1+2+3")]
    public void Maps_have_names(LayerMapping mapping, int student, int teacher, string expected) =>
        Assert.Equal(expected, Pairs(student, teacher, new HiddenStates { Layers = mapping }));

    [Fact]
    public void They_can_be_listed_layer_by_layer_or_in_pairs_with_the_embeddings_as_layer_0_and_modules_by_path()
    {
        Assert.Equal("1-2 2-2 3-9", Pairs(3, 9, new HiddenStates { TeacherLayers = [2, 2, 9] }));
        Assert.Equal("embeddings-embeddings 2-7 pooler-9", Pairs(3, 9, new HiddenStates { Pairs = [Pair("0", "0"), Pair("2", "7"), Pair("pooler", "9")] }));
    }

    [Theory]
    [InlineData("1:1 2:10", "The teacher has no layer 10: its layers are numbered from 1 to 9, and 0 are its embeddings.")]
    [InlineData("-1:1", "The student has no layer -1")]
    [InlineData("4:9", "The student has no layer 4: its layers are numbered from 1 to 3")]
    [InlineData("1:5 2:4", "The map goes back: after 1 ↔ 5 (student ↔ teacher) comes 2 ↔ 4.")]
    [InlineData("2:4 1:5", "The map goes back: after 2 ↔ 4")]
    [InlineData("1:4 1:4", "The student's layer 1 is compared with the teacher's layer 4 twice")]
    [InlineData("a:b c:d a:b", "The student's 'a' is compared with the teacher's 'b' twice")]
    public void A_map_out_of_range_or_out_of_order_is_refused(string pairs, string said)
    {
        var options = new HiddenStates { Pairs = [.. pairs.Split(' ').Select(p => Pair(p.Split(':')[0], p.Split(':')[1]))] };
        Assert.Contains(said, Assert.Throws<DecantException>(() => Pairs(3, 9, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_the_teacher_s_layers_has_one_for_each_of_the_student_s()
    {
        var error = Assert.Throws<DecantException>(() => Pairs(3, 9, new HiddenStates { TeacherLayers = [3, 9] }));
        Assert.Contains("3 were expected, 2 came (3, 9)", error.Message, StringComparison.Ordinal);
        Assert.Contains("The map goes back", Assert.Throws<DecantException>(() => Pairs(2, 9, new HiddenStates { TeacherLayers = [9, 3] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_without_layers_or_attention_want_paths_and_those_that_give_logits_only_say_so()
    {
        var none = FeatureMap.Of("The student", ModelLayers.None, new Dictionary<string, IReadOnlyList<long>> { ["a"] = [2, 3] });
        Assert.Contains("The student is not made of layers: name modules by path", Fault(none, attention: false), StringComparison.Ordinal);
        Assert.Contains("The student has no attention: name modules by path", Fault(none, attention: true), StringComparison.Ordinal);
        Assert.Contains("The student gives logits only", Fault(FeatureMap.None("The student"), attention: false), StringComparison.Ordinal);
    }

    private static string Fault(FeatureMap student, bool attention) => Assert.Throws<DecantException>(() =>
        new LayerMap(new ObjectiveContext(() => student, () => Side("The teacher", 3)), attention).Pairs(new HiddenStates(), LayerMapping.Last)).Message;

    private static string Pairs(int student, int teacher, HiddenStates options)
    {
        var context = new ObjectiveContext(() => Side("The student", student), () => Side("The teacher", teacher));
        return string.Join(' ', new LayerMap(context).Pairs(options, LayerMapping.Uniform).Select(p => $"{p.Student}-{string.Join('+', p.Teachers)}"));
    }

    private static LayerPair Pair(string student, string teacher) => new() { Student = student, Teacher = teacher };

    private static FeatureMap Side(string who, int layers) => FeatureMap.Of(
        who, new ModelLayers("embeddings", [.. Enumerable.Range(1, layers).Select(i => $"{i}")]), new Dictionary<string, IReadOnlyList<long>> { ["embeddings"] = [2, 4, 3] });
}
