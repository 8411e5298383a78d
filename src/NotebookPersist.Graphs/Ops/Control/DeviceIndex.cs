using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Which of a list of devices the run is on, as graphs with a branch for each device ask; the number of devices where none is meant.</summary>
internal sealed class DeviceIndexOp() : UndifferentiatedOp("DeviceIndex() -> (index: int32) where device_names: list(string)", "a device is no number")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        IReadOnlyList<string> names = c.Attributes.Strings("device_names");
        int index = 0;
        while (index < names.Count && names[index] != "CPU")
            index++;
        c.AllocateOutput(0, Shape.Scalar).MutableData<int>()[0] = index;
    }
}
