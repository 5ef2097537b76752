"""
Compiles SPIR-V compute modules with the first Vulkan driver of this process, and prints what that
driver's compiler made of them (VK_KHR_pipeline_executable_properties) as JSON: one entry a module,
{"statistics": {name: number}, "assembly": text, "subgroup": lanes}. Without modules: the device.

    RADV_FORCE_FAMILY=navi21 VK_ICD_FILENAMES=.../radeon_icd.x86_64.json python3 radv.py a.spv b.spv

Modules have one entry point, and their buffers are bound in group 0. The driver is reached by
ctypes, so that neither a compiler nor a package of Python is needed.
"""

import ctypes
import json
import struct
import sys
from ctypes import POINTER, Structure, byref, c_char, c_char_p, c_size_t, c_uint32, c_uint64
from ctypes import c_void_p

# Enumerants of vulkan_core.h.
APPLICATION_INFO, INSTANCE_INFO, QUEUE_INFO, DEVICE_INFO = 0, 1, 2, 3
MODULE_INFO, STAGE_INFO, PIPELINE_INFO = 16, 18, 29
PIPELINE_LAYOUT_INFO, SET_LAYOUT_INFO = 30, 32
MEMORY_MODEL_FEATURES = 1000211000
ROBUSTNESS_2_FEATURES = 1000286000
EXECUTABLE_FEATURES, EXECUTABLES_OF, EXECUTABLE, EXECUTABLE_OF = range(1000269000, 1000269004)
STATISTIC, REPRESENTATION = 1000269004, 1000269005
CAPTURE_STATISTICS, CAPTURE_REPRESENTATIONS = 0x40, 0x80
STAGE_COMPUTE = 0x20
UNIFORM_BUFFER, STORAGE_BUFFER = 6, 7
API_VERSION = 1 << 22 | 3 << 12

# Words of the SPIR-V specification.
OP_ENTRY_POINT, OP_VARIABLE, OP_DECORATE = 15, 59, 71
DECORATION_BINDING = 33
BUFFER_OF_CLASS = {2: UNIFORM_BUFFER, 12: STORAGE_BUFFER}

TEXT = c_char * 256


def struct_of(*fields):
    """A Vulkan structure: type and next, then `fields`."""
    head = [("type", c_uint32), ("next", c_void_p)]
    return type("Info", (Structure,), {"_fields_": head + list(fields)})


def u32s(*names):
    return [(name, c_uint32) for name in names]


Application = struct_of(
    ("name", c_char_p), ("version", c_uint32), ("engine", c_char_p), *u32s("engineVersion", "api")
)
Instance = struct_of(
    ("flags", c_uint32), ("application", POINTER(Application)), ("layerCount", c_uint32),
    ("layers", c_void_p), ("extensionCount", c_uint32), ("extensions", c_void_p),
)
Queue = struct_of(*u32s("flags", "family", "count"), ("priorities", POINTER(ctypes.c_float)))
Features = struct_of(("wanted", c_uint32 * 3))
Device = struct_of(
    *u32s("flags", "queueCount"), ("queues", POINTER(Queue)), ("layerCount", c_uint32),
    ("layers", c_void_p), ("extensionCount", c_uint32), ("extensions", POINTER(c_char_p)),
    ("features", c_void_p),
)
Module = struct_of(("flags", c_uint32), ("size", c_size_t), ("code", c_char_p))
SetLayout = struct_of(*u32s("flags", "count"), ("bindings", c_void_p))
PipelineLayout = struct_of(
    *u32s("flags", "setCount"), ("sets", POINTER(c_uint64)), ("rangeCount", c_uint32),
    ("ranges", c_void_p),
)
Stage = struct_of(
    *u32s("flags", "stage"), ("module", c_uint64), ("entry", c_char_p), ("constants", c_void_p)
)
Pipeline = struct_of(
    ("flags", c_uint32), ("stage", Stage), ("layout", c_uint64), ("base", c_uint64),
    ("baseIndex", ctypes.c_int32),
)
ExecutablesOf = struct_of(("pipeline", c_uint64))
ExecutableOf = struct_of(("pipeline", c_uint64), ("index", c_uint32))
Executable = struct_of(
    ("stages", c_uint32), ("name", TEXT), ("description", TEXT), ("subgroup", c_uint32)
)
Statistic = struct_of(
    ("name", TEXT), ("description", TEXT), ("format", c_uint32), ("value", c_uint64)
)
Representation = struct_of(
    ("name", TEXT), ("description", TEXT), ("isText", c_uint32), ("size", c_size_t),
    ("data", c_void_p),
)


class Binding(Structure):
    _fields_ = [*u32s("binding", "type", "count", "stages"), ("samplers", c_void_p)]


def check(result, what):
    # A result above 0 is a success with a remark.
    if result < 0:
        sys.exit(f"{what} failed with VkResult {result}")


def pointer_to(structure):
    return ctypes.cast(ctypes.pointer(structure), c_void_p)


class Driver:
    def __init__(self):
        self.vulkan = ctypes.CDLL("libvulkan.so.1")
        self.vulkan.vkGetDeviceProcAddr.restype = c_void_p
        application = Application(APPLICATION_INFO, api=API_VERSION)
        info = Instance(INSTANCE_INFO, application=ctypes.pointer(application))
        instance, physical = c_void_p(), c_void_p()
        check(self.vulkan.vkCreateInstance(byref(info), None, byref(instance)), "vkCreateInstance")
        count = c_uint32(1)
        result = self.vulkan.vkEnumeratePhysicalDevices(instance, byref(count), byref(physical))
        check(result if count.value == 1 else -1, "vkEnumeratePhysicalDevices")
        self.device = self.open(physical)
        self.name = self.name_of(physical)

    def name_of(self, physical):
        # VkPhysicalDeviceProperties: five words, then the name; 824 bytes in all.
        properties = ctypes.create_string_buffer(1024)
        self.vulkan.vkGetPhysicalDeviceProperties(physical, properties)
        return properties.raw[20:276].split(b"\0")[0].decode()

    def open(self, physical):
        """A device with the features that Dawn asks for, as far as they touch the code."""
        executables = Features(EXECUTABLE_FEATURES, None, (1,))
        memory = Features(MEMORY_MODEL_FEATURES, pointer_to(executables), (1, 1))
        robust = Features(ROBUSTNESS_2_FEATURES, pointer_to(memory), (1,))
        # VkPhysicalDeviceFeatures: 55 words, of which robustBufferAccess is the first.
        core = (c_uint32 * 55)(1)
        names = (b"VK_KHR_pipeline_executable_properties", b"VK_EXT_robustness2")
        priority = ctypes.c_float(1)
        queue = Queue(QUEUE_INFO, count=1, priorities=ctypes.pointer(priority))
        info = Device(
            DEVICE_INFO, pointer_to(robust), queueCount=1, queues=ctypes.pointer(queue),
            extensionCount=len(names), extensions=(c_char_p * len(names))(*names),
            features=ctypes.cast(core, c_void_p),
        )
        device = c_void_p()
        result = self.vulkan.vkCreateDevice(physical, byref(info), None, byref(device))
        check(result, "vkCreateDevice")
        return device

    def create(self, what, info):
        handle = c_uint64()
        function = getattr(self.vulkan, what)
        check(function(self.device, byref(info), None, byref(handle)), what)
        return handle.value

    def pipeline(self, code):
        entry, buffers = interface_of(code)
        bindings = (Binding * len(buffers))(
            *(Binding(i, kind, 1, STAGE_COMPUTE) for i, kind in sorted(buffers.items()))
        )
        set_info = SetLayout(
            SET_LAYOUT_INFO, count=len(bindings), bindings=ctypes.cast(bindings, c_void_p)
        )
        sets = (c_uint64 * 1)(self.create("vkCreateDescriptorSetLayout", set_info))
        layout_info = PipelineLayout(PIPELINE_LAYOUT_INFO, setCount=1, sets=sets)
        module = self.create("vkCreateShaderModule", Module(MODULE_INFO, size=len(code), code=code))
        info = Pipeline(
            PIPELINE_INFO,
            flags=CAPTURE_STATISTICS | CAPTURE_REPRESENTATIONS,
            stage=Stage(STAGE_INFO, stage=STAGE_COMPUTE, module=module, entry=entry),
            layout=self.create("vkCreatePipelineLayout", layout_info),
        )
        pipeline = c_uint64()
        create = self.vulkan.vkCreateComputePipelines
        create.argtypes = [c_void_p, c_uint64, c_uint32, c_void_p, c_void_p, c_void_p]
        result = create(self.device, 0, 1, byref(info), None, byref(pipeline))
        check(result, "vkCreateComputePipelines")
        return pipeline.value

    def listed(self, what, about, item, structure_type):
        """What vkGetPipelineExecutable<what>KHR lists: counted first, then filled."""
        name = f"vkGetPipelineExecutable{what}KHR"
        address = self.vulkan.vkGetDeviceProcAddr(self.device, name.encode())
        shape = ctypes.CFUNCTYPE(ctypes.c_int32, c_void_p, c_void_p, c_void_p, c_void_p)
        get = shape(address)
        count = c_uint32()
        check(get(self.device, byref(about), byref(count), None), name)
        items = (item * count.value)(*(item(structure_type) for _ in range(count.value)))
        check(get(self.device, byref(about), byref(count), items), name)
        return items, lambda: check(get(self.device, byref(about), byref(count), items), name)

    def measure(self, code):
        pipeline = self.pipeline(code)
        (executable,), _ = self.listed(
            "Properties", ExecutablesOf(EXECUTABLES_OF, pipeline=pipeline), Executable, EXECUTABLE
        )
        about = ExecutableOf(EXECUTABLE_OF, pipeline=pipeline)
        statistics, _ = self.listed("Statistics", about, Statistic, STATISTIC)
        texts, fill = self.listed("InternalRepresentations", about, Representation, REPRESENTATION)
        # Sizes are known now; the second call writes the texts.
        kept = [ctypes.create_string_buffer(text.size) for text in texts]
        for text, room in zip(texts, kept):
            text.data = ctypes.cast(room, c_void_p)
        fill()
        by_name = {text.name.decode(): room.value.decode() for text, room in zip(texts, kept)}
        return {
            "statistics": {each.name.decode(): each.value for each in statistics},
            "assembly": by_name.get("Assembly", ""),
            "subgroup": executable.subgroup,
        }


def interface_of(code):
    """The entry point's name, and the descriptor type of each binding."""
    words = struct.unpack(f"<{len(code) // 4}I", code)
    entry, bindings, classes = None, {}, {}
    # A header of five words, then instructions: length and opcode share the first word.
    at = 5
    while at < len(words):
        length, opcode = words[at] >> 16, words[at] & 0xFFFF
        operands = words[at + 1 : at + length]
        if opcode == OP_ENTRY_POINT:
            entry = struct.pack(f"<{length - 3}I", *operands[2:]).split(b"\0")[0]
        elif opcode == OP_DECORATE and operands[1] == DECORATION_BINDING:
            bindings[operands[0]] = operands[2]
        elif opcode == OP_VARIABLE:
            classes[operands[1]] = operands[2]
        at += length
    return entry, {index: BUFFER_OF_CLASS[classes[name]] for name, index in bindings.items()}


def read(path):
    with open(path, "rb") as file:
        return file.read()


driver = Driver()
paths = sys.argv[1:]
print(json.dumps([driver.measure(read(path)) for path in paths] if paths else driver.name))
