using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>How the heads of a pair of layers are matched: a number of them are compared, each the average of some of either model.</summary>
internal readonly record struct AttentionHeads(long Student, long Teacher, long Common)
{
    /// <summary>Checks that a map fits.</summary>
    /// <exception cref="DecantException">It does not.</exception>
    public static AttentionHeads Of(HeadMapping mapping, long student, long teacher) => mapping switch
    {
        HeadMapping.Each when student != teacher =>
            throw new DecantException($"'heads: each' compares head by head, and the student has {student}, the teacher {teacher}. Choose average, or groups where the teacher's are a multiple."),
        HeadMapping.Groups when teacher % student != 0 =>
            throw new DecantException($"'heads: groups' shares the teacher's heads out, and its {teacher} are no multiple of the student's {student}. Choose average."),
        HeadMapping.Average => new(student, teacher, 1),
        HeadMapping.Auto when student != teacher => new(student, teacher, 1),
        _ => new(student, teacher, student),
    };

    /// <summary>[B, A, T, S] to [B, compared, averaged, T, S].</summary>
    public Tensor Grouped(Tensor maps) => maps.Reshape(maps.Size(0), Common, maps.Size(1) / Common, maps.Size(2), maps.Size(3));
}
