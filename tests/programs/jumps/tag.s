# The tag of longjmp, which the library of C leaves to the linker.
.tagtype __c_longjmp i32
.globl __c_longjmp
__c_longjmp:
